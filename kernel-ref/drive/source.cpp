// SPDX-License-Identifier: GPL-2.0-only
// A driver's source: found, patched, compiled, linked with the rest of the kernel's side.
#include "kernel-ref/drive/source.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "kernel-ref/drive/process.hpp"
#include "kernel-ref/learn/driver_host.hpp"
#include "model/driver_names.hpp"
#include "model/suggestion.hpp"

namespace custody::kernel_ref::drive {

namespace fs = std::filesystem;

namespace {

/// Below the home of what is needed at run time.
std::string member_of(const model::DriverName& driver) {
  return (driver.folder.empty() ? "drivers" : "linux/" + std::string(driver.folder)) + "/" + std::string(driver.name) +
         ".c";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

std::vector<std::string> flags_of(const Home& home) {
  static const std::string headers = [&] {
    Ran ran = run_program({home.compiler, "-print-file-name=include"});
    return ran.output.substr(0, ran.output.find('\n'));
  }();
  std::vector<std::string> flags;
  std::istringstream in(read_file(home.path + "/flags"));
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) flags.push_back(replaced(replaced(line, "@HOME@", home.path), "@HEADERS@", headers));
  return flags;
}

/// A file of the kernel that every exporter is linked with.
bool is_of_core(const Home& home, const std::string& base) {
  return fs::exists(home.path + "/kernel/" + fs::path(base).stem().string() + ".o") &&
         (fs::exists(home.path + "/linux/drivers/dma-buf/" + base) || fs::exists(home.path + "/linux/lib/" + base));
}

std::optional<ownership_policy> policy_of(const std::string& name) {
  try {
    return learn::find_driver(name).policy;
  } catch (const std::invalid_argument& e) {
    throw InputProblem(e.what());
  }
}

/// What a message of the compiler names and the shim does not have.
std::string lacking(const std::string& output) {
  static const std::regex names(
      "implicit declaration of function '(\\w+)'|'(\\w+)' undeclared|unknown type name '(\\w+)'|"
      "storage size of '\\w+' isn't known|incomplete type '([\\w ]+)'|has no member named '(\\w+)'");
  std::set<std::string> found;
  for (std::sregex_iterator it(output.begin(), output.end(), names), end; it != end; ++it)
    for (std::size_t i = 1; i < it->size(); ++i)
      if ((*it)[i].matched) found.insert((*it)[i]);
  std::string text;
  for (const std::string& name : found) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Builds the objects of one driver.
class Builder {
 public:
  Builder(const Home& home, const Source& source, std::string folder)
      : home_(home), source_(source), folder_(std::move(folder)), tree_(folder_ + "/tree") {
    fs::create_directories(tree_);
    fs::create_directories(folder_ + "/names");
  }

  Built run(const std::string& patch, const std::string& suite) {
    if (!source_.place.empty()) {
      const std::string to = tree_ + "/" + source_.place;
      fs::create_directories(fs::path(to).parent_path());
      fs::copy_file(source_.file, to);
      sources_[source_.base()] = to;
    }
    if (!patch.empty()) apply(patch);
    const model::DriverName* const k = model::find_driver_name(source_.base());
    if (sources_.count(source_.base()) != 0 || !is_built()) compile(own_file(), source_.base());
    for (const auto& [base, file] : std::map<std::string, std::string>(sources_.begin(), sources_.end()))
      if (base != source_.base()) compile(file, base);
    if (source_.called != nullptr) compile_callers(*source_.called);
    if (headers_changed_) compile_all();
    if (!suite.empty()) {
      compile(home_.path + "/kunit/runtime.c", "kunit-runtime.c");
      compile(suite, "kunit-suite.c");
    }
    Built built;
    built.object = link(k != nullptr || source_.is_core);
    if (k != nullptr) built.driver = k->export_name;
    if (source_.is_core) built.driver = source_.driver;
    built.watched = source_.base();
    built.policy = source_.policy;
    built.remarks = remarks_;
    if (source_.is_core)
      built.remarks.push_back(source_.base() + " is of the core: called through the system heap, and through udmabuf");
    if (source_.called != nullptr) {
      built.profile = source_.called->profile;
      built.remarks.push_back("called for " + std::string(source_.called->says));
    }
    return built;
  }

 private:
  /// Its object is among those that every driver is linked with.
  bool is_built() const {
    return !source_.member.empty() &&
           fs::exists(home_.path + "/kernel/" + fs::path(source_.file).stem().string() + ".o");
  }

  std::string own_file() const {
    const auto it = sources_.find(source_.base());
    return it != sources_.end() ? it->second : source_.file;
  }

  /// Where the file of a patch is: in the kernel's tree, or the source itself. Empty: neither.
  std::string original(const FilePatch& p) const {
    const std::string place = original_at(p.path);
    return place.empty() ? original_at(p.before) : place;
  }

  std::string original_at(std::string path) const {
    const std::string whole = path;
    for (;;) {
      if (fs::is_regular_file(home_.path + "/linux/" + path)) return "linux/" + path;
      const std::size_t slash = path.find('/');
      if (slash == std::string::npos) break;
      path = path.substr(slash + 1);
    }
    return !whole.empty() && path == source_.base() ? path : std::string();
  }

  void apply(const std::string& patch) {
    const std::vector<FilePatch> parts = parse_patch(read_file(patch));
    if (parts.empty()) throw InputProblem(patch + ": no diff is in it, expected a patch or a mailbox with patches");
    std::string wanted;
    for (const FilePatch& p : parts) {
      std::string place = original(p);
      if (!place.empty() && !p.before.empty() && original_at(p.path).empty())
        remarks_.push_back(p.before + " becomes " + p.path + ", and is driven as before");
      if (place.empty() && p.creates && (p.path.rfind("drivers/dma-buf/", 0) == 0 || p.path.rfind("include/", 0) == 0))
        place = "linux/" + p.path;
      if (place.empty() || p.path.find("..") != std::string::npos) {
        remarks_.push_back(p.path + " is not among what is built: its part of the patch is left out");
        continue;
      }
      const std::string to = tree_ + "/" + place;
      fs::create_directories(fs::path(to).parent_path());
      if (!p.creates && !fs::exists(to))
        fs::copy_file(place == source_.base() || place == source_.member ? source_.file : home_.path + "/" + place, to);
      wanted += (p.creates ? "--- /dev/null\n" : "--- a/" + place + "\n") + "+++ b/" + place + "\n" + p.text;
      const std::string base = place.substr(place.rfind('/') + 1);
      if (base.size() > 2 && base.ends_with(".c")) sources_[base] = to;
      if (base.ends_with(".h") && !p.creates) headers_changed_ = true;
    }
    if (wanted.empty()) throw InputProblem(patch + ": changes nothing of what is built for " + source_.base());
    write_file(folder_ + "/patch", wanted);
    const Ran ran = run_program(
        {"patch", "-p1", "--batch", "--forward", "--no-backup-if-mismatch", "-r", "-", "-i", folder_ + "/patch"},
        {.folder = tree_});
    if (ran.status == 127) throw InputProblem("patch(1) is missing: apt-get install patch");
    if (ran.status != 0) throw InputProblem(patch + ": does not apply:\n" + replaced(ran.output, "linux/", ""));
    if (ran.output.find("fuzz") != std::string::npos) remarks_.push_back("the patch applies with fuzz");
  }

  void compile(const std::string& file, const std::string& base, const std::vector<std::string>& more = {}) {
    const std::string stem = base.substr(0, base.rfind('.'));
    std::vector<std::string> words{home_.compiler};
    words.push_back("-I" + folder_ + "/names");
    words.push_back("-idirafter" + home_.path);  // <kunit/test.h>
    words.push_back("-I" + tree_ + "/linux/include");
    for (const std::string& f : flags_of(home_)) words.push_back(f);
    // What stands beside the unpatched file.
    const std::string inside = file.rfind(tree_ + "/", 0) == 0 ? file.substr(tree_.size() + 1) : "";
    const std::string beside = inside.empty() ? fs::path(source_.file).parent_path().string()
                                              : (home_.path + "/" + fs::path(inside).parent_path().string());
    words.insert(words.end(), {"-iquote", beside, "-iquote", home_.path + "/drivers", "-iquote",
                               fs::path(source_.file).parent_path().string()});
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"-DKBUILD_MODNAME=\"" + replaced(stem, "-", "_") + "\"", "-c", file, "-o",
                               folder_ + "/" + stem + ".o"});
    for (unsigned tries = 0;; ++tries) {
      const Ran ran = run_program(words);
      if (ran.status == 0) break;
      if (ran.status == 127) throw InputProblem("no C compiler: apt-get install gcc, or set CC");
      if (tries < 30 && stands_for(ran.output)) continue;
      throw InputProblem(message_of(ran.output, base));
    }
    objects_[stem] = folder_ + "/" + stem + ".o";
  }

  /// What calls the driver, and what the kernel has beside it; as patched, where it is.
  void compile_callers(const CalledDriver& called) {
    for (const std::string_view member : called.beside) {
      const std::string base(member.substr(member.rfind('/') + 1));
      if (sources_.count(base) == 0) compile(home_.path + "/linux/" + std::string(member), base);
    }
    std::vector<std::string> flags(called.flags.begin(), called.flags.end());
    compile(home_.path + "/callers/" + std::string(called.caller), "caller-" + std::string(called.caller), flags);
  }

  /// A header of the kernel that the shim has no name for: it stands for the shim too. False: that is not the problem.
  bool stands_for(const std::string& output) {
    static const std::regex missing(
        "fatal error: ((?:linux|asm|uapi|drm|trace|media|net|sound)/[\\w/.-]+\\.h): No such file");
    std::smatch match;
    if (!std::regex_search(output, match, missing)) return false;
    const std::string name = folder_ + "/names/" + match[1].str();
    if (fs::exists(name)) return false;
    fs::create_directories(fs::path(name).parent_path());
    write_file(name, "#include \"shim.h\"\n");
    return true;
  }

  std::string message_of(std::string output, const std::string& base) const {
    output = replaced(replaced(replaced(output, tree_ + "/linux/", ""), tree_ + "/", ""), home_.path + "/linux/", "");
    output = replaced(output, home_.path + "/", "");
    std::string text = base + " does not compile:\n" + output;
    if (const std::string names = lacking(output); !names.empty())
      text += "Interfaces of the kernel that the shim lacks, or that are misspelt: " + names + "\n";
    return text;
  }

  void compile_all() {
    for (const auto& entry : fs::recursive_directory_iterator(home_.path + "/linux"))
      if (entry.path().extension() == ".c") {
        const std::string stem = entry.path().stem().string();
        if (objects_.count(stem) == 0 && fs::exists(home_.path + "/kernel/" + stem + ".o"))
          compile(entry.path().string(), stem + ".c");
      }
  }

  std::string link(bool takes_the_place) {
    const std::string object = folder_ + "/driver.so";
    std::vector<std::string> words{home_.compiler, "-shared", "-Wl,-z,now", "-o", object};
    for (const auto& [stem, path] : objects_) words.push_back(path);
    std::set<std::string> others;
    for (const auto& entry : fs::directory_iterator(home_.path + "/kernel"))
      if (entry.path().extension() == ".o") others.insert(entry.path().stem().string());
    for (const std::string& stem : others) {
      // A driver of its own is the only one: its heap may bear any name.
      const bool is_driver = model::find_driver_name(stem) != nullptr;
      if (objects_.count(stem) == 0 && (takes_the_place || !is_driver))
        words.push_back(home_.path + "/kernel/" + stem + ".o");
    }
    const Ran ran = run_program(words);
    if (ran.status != 0) throw InputProblem(source_.base() + " cannot be linked:\n" + ran.output);
    refuse_undefined(object);
    return object;
  }

  void refuse_undefined(const std::string& object) const {
    const Ran ran = run_program({"nm", "-D", "--undefined-only", object});
    std::istringstream in(ran.output);
    std::string names;
    for (std::string line; std::getline(in, line);) {
      const std::size_t at = line.find(" U ");
      if (at == std::string::npos) continue;
      const std::string name = line.substr(at + 3);
      if (name.find('@') == std::string::npos && name.rfind("machine_", 0) != 0 && name.rfind("__asan_", 0) != 0)
        names += (names.empty() ? "" : ", ") + name;
    }
    if (!names.empty())
      throw InputProblem(source_.base() + " cannot be linked. Interfaces of the kernel that the shim lacks: " + names);
  }

  const Home& home_;
  const Source& source_;
  std::string folder_, tree_;
  std::map<std::string, std::string> sources_;  ///< patched, by their last names
  std::map<std::string, std::string> objects_;  ///< by stem
  std::vector<std::string> remarks_;
  bool headers_changed_ = false;
};

}  // namespace

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in.good() && !in.eof()) throw InputProblem(path + ": cannot be read");
  return text;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw InputProblem(path + ": cannot be written");
}

Home find_home() {
  Home home;
  std::error_code error;
  home.path = fs::read_symlink("/proc/self/exe", error).parent_path().string();
  if (const char* given = std::getenv("CUSTODY_DRIVE_HOME"); given != nullptr && *given != 0) home.path = given;
  const char* compiler = std::getenv("CC");
  home.compiler = compiler != nullptr && *compiler != 0 ? compiler : "cc";
  if (!fs::exists(home.path + "/flags") || !fs::exists(home.path + "/linux/drivers/dma-buf"))
    throw InputProblem(
        home.path +
        ": the kernel's sources and objects are not there, which are installed with custody-drive: apt-get "
        "install linux-source-6.1, and build and install Custody with CUSTODY_DRIVERS=ON");
  const Ran ran = run_program({home.compiler, "--version"});
  if (ran.status != 0)
    throw InputProblem("no C compiler (" + home.compiler + "): apt-get install gcc binutils, or set CC");
  return home;
}

Source source_of(const Home& home, const std::string& file) {
  Source source;
  source.file = file;
  const std::string from_home = home.path + "/";
  if (file.rfind(from_home, 0) == 0) source.member = file.substr(from_home.size());
  if (const model::DriverName* const known = model::find_driver_name(source.base())) source.driver = known->export_name;
  source.called = find_called_driver(source.base());
  // Which exporter meets what is changed there nobody said; the second is driven where the plan says so.
  source.is_core = source.driver.empty() && source.called == nullptr && is_of_core(home, source.base());
  if (source.is_core) source.driver = model::find_driver_name("system_heap")->export_name;
  return source;
}

Source find_source(const Home& home, const std::string& argument) {
  const std::size_t policies = argument.rfind("ownership_heap-", 0) == 0 ? argument.find('-') : argument.size();
  const model::DriverName* const k = model::find_driver_name(argument.substr(0, policies));
  const std::optional<ownership_policy> policy =
      policies != argument.size() ? policy_of(argument) : std::optional<ownership_policy>();
  const CalledDriver* const called = find_called_driver(argument);
  std::string file;
  if (fs::is_regular_file(argument)) file = fs::absolute(argument).string();
  else if (fs::is_regular_file(home.path + "/linux/" + argument)) file = home.path + "/linux/" + argument;
  else if (called != nullptr) file = home.path + "/linux/" + std::string(called->source);
  else if (k != nullptr && argument.find('/') == std::string::npos) file = home.path + "/" + member_of(*k);
  else
    throw InputProblem(argument +
                       ": no such file, expected a C file, a path in the kernel's source as "
                       "drivers/dma-buf/heaps/system_heap.c, or one of " +
                       model::driver_names() + model::did_you_mean(argument, model::names_of(model::kDriverNames)));
  Source source = source_of(home, file);
  source.policy = policy;
  if (called != nullptr) source.called = called;
  return source;
}

Built build(const Home& home, const Source& source, const std::string& patch, const std::string& folder,
            const std::string& suite) {
  return Builder(home, source, folder).run(patch, suite);
}

}  // namespace custody::kernel_ref::drive
