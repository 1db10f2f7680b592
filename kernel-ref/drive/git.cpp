// SPDX-License-Identifier: GPL-2.0-only
// A driver's source before and after a range of commits of a git repository.
#include "kernel-ref/drive/git.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "kernel-ref/drive/process.hpp"
#include "kernel-ref/drive/repository.hpp"
#include "model/driver_names.hpp"

namespace custody::kernel_ref::drive {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostSource = std::size_t{1} << 20U, kMostNames = std::size_t{1} << 26U, kMostNamed = 8;

/// Where the driver is in the kernel's tree.
std::string path_in_tree(const std::string& argument, const std::string& tree) {
  if (const model::CalledDriverName* const called = model::find_called_driver_name(argument);
      called != nullptr && argument.find('/') == std::string::npos)
    return std::string(called->source);
  if (const model::DriverName* const known = model::find_driver_name(argument); known != nullptr) {
    if (known->folder.empty()) throw InputProblem(argument + ": is no driver of the kernel, of which no tree has it");
    return std::string(known->folder) + "/" + std::string(known->name) + ".c";
  }
  std::string path = fs::path(argument).lexically_normal().string();
  if (path.starts_with("/")) path = fs::path(path).lexically_relative(fs::absolute(tree).lexically_normal()).string();
  if (!path.ends_with(".c") || path.starts_with("..") || path.starts_with("/"))
    throw InputProblem(argument + ": expected the path of a C file in " + tree + ", or the name of a driver");
  return path;
}

std::vector<std::string> parts_at(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(at, from), text.size());
    parts.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMostNamed ? text + " and " + std::to_string(names.size() - kMostNamed) + " more" : text;
}

/// Takes one driver out of one range.
class Taker {
 public:
  Taker(const Home& sources, const GitRange& range, std::string path, std::string folder)
      : home_(sources), range_(range), path_(std::move(path)), folder_(std::move(folder)),
        repository_(range.tree, folder_ + "/repository") {}

  GitSides run() {
    find_ends();
    GitSides sides;
    sides.before = side(from_, "before");
    sides.after = side(to_, "after");
    if (sides.after.file.empty())
      throw InputProblem(path_ + ": is not in " + range_.tree + " at the end of " + range_.range);
    const bool touched = sides.before.file.empty() || read_file(sides.before.file) != read_file(sides.after.file);
    if (!ancestor_)
      sides.remarks.push_back("the start of " + range_.range +
                              " is no ancestor of its end: what only the start has counts as removed");
    sides.patch = rest(sides.remarks);
    if (!touched && sides.patch.empty())
      throw InputProblem(range_.range + ": does not touch " + path_ + ", nor anything else that is built for it");
    return sides;
  }

 private:
  void find_ends() {
    const std::string& text = range_.range;
    const std::size_t dots = text.find("..");
    const bool three = dots != std::string::npos && text.compare(dots, 3, "...") == 0;
    if (dots == std::string::npos) {
      to_ = commit(text);
      from_ = commit(text + "^");
      return;
    }
    const std::string one = text.substr(0, dots), other = text.substr(dots + (three ? 3 : 2));
    from_ = commit(one.empty() ? "HEAD" : one);
    to_ = commit(other.empty() ? "HEAD" : other);
    if (!three) {
      ancestor_ = repository_.git({"merge-base", "--is-ancestor", from_, to_}, 1).status != 1;
      return;
    }
    const Ran base = repository_.git({"merge-base", from_, to_}, kMostSource);
    if (base.status != 0) throw InputProblem(text + ": the two have no common ancestor in " + range_.tree);
    from_ = base.output.substr(0, base.output.find('\n'));
  }

  std::string commit(const std::string& name) const {
    const Ran ran = name.starts_with("-")
                        ? Ran{1, {}}
                        : repository_.git({"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"},
                                          kMostSource);
    if (ran.status != 0)
      throw InputProblem(range_.range + ": no commit " + name + " in " + range_.tree +
                         (repository_.has_names() ? "" : ", of which names are not read: expected hashes") +
                         "; expected A..B, A...B or a commit");
    return ran.output.substr(0, ran.output.find('\n'));
  }

  /// The file at this commit; nothing where there is none.
  std::optional<std::string> blob(const std::string& at) const {
    const Ran type = repository_.git({"cat-file", "-t", at + ":" + path_}, kMostSource);
    if (type.status != 0 || type.output != "blob\n") return std::nullopt;
    const Ran size = repository_.git({"cat-file", "-s", at + ":" + path_}, kMostSource);
    if (size.status != 0 || std::strtoull(size.output.c_str(), nullptr, 10) > kMostSource)
      throw InputProblem(path_ + ": is too large in " + range_.tree + ", expected a C file of at most 1 MiB");
    Ran ran = repository_.git({"cat-file", "blob", at + ":" + path_}, 2 * kMostSource);
    if (ran.status != 0) throw InputProblem(path_ + ": cannot be read from " + range_.tree);
    return std::move(ran.output);
  }

  Source side(const std::string& at, const std::string& name) const {
    Source source;
    const std::optional<std::string> text = blob(at);
    if (!text) return source;
    source = source_of(home_, folder_ + "/" + name + "/" + path_.substr(path_.rfind('/') + 1));
    source.place = "linux/" + path_;
    fs::create_directories(fs::path(source.file).parent_path());
    write_file(source.file, *text);
    return source;
  }

  bool is_built(const std::string& path) const {
    const bool header = path.ends_with(".h");
    if (fs::is_regular_file(home_.path + "/linux/" + path)) return header || path.ends_with(".c");
    return header && (path.starts_with("include/") || fs::path(path).parent_path() == fs::path(path_).parent_path());
  }

  /// A patch of everything but the driver's file that is built here; what is not, or does not apply here, is said.
  std::string rest(std::vector<std::string>& remarks) const {
    const Ran names = repository_.git({"diff-tree", "-r", "--name-only", "-z", "--no-renames", from_, to_}, kMostNames);
    if (names.status != 0 || names.is_cut) throw InputProblem(range_.range + ": cannot be read from " + range_.tree);
    std::vector<std::string> built, others;
    for (const std::string& path : parts_at(names.output, '\0'))
      if (path != path_) (is_built(path) ? built : others).push_back(path);
    if (!others.empty()) remarks.push_back("not among what is built, and left out: " + listed(others));
    std::string text;
    std::vector<std::string> strange;
    for (const std::string& path : built)
      if (const std::string part = diff_of(path); applies(part)) text += part;
      else strange.push_back(path);
    if (!strange.empty())
      remarks.push_back(
          "changed by the range, does not apply to the kernel's source that is built here, and left out: " +
          listed(strange));
    if (text.empty()) return {};
    write_file(folder_ + "/rest.patch", text);
    return folder_ + "/rest.patch";
  }

  std::string diff_of(const std::string& path) const {
    Ran ran = repository_.git({"diff-tree", "-p", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-color",
                               "--src-prefix=a/", "--dst-prefix=b/", from_, to_, "--", path},
                              kMostSource);
    return ran.status == 0 && !ran.is_cut ? std::move(ran.output) : std::string();
  }

  bool applies(const std::string& part) const {
    if (parse_patch(part).empty()) return false;
    write_file(folder_ + "/part.patch", part);
    return run_program({"patch", "-p1", "--batch", "--forward", "--dry-run", "-r", "-", "-i", folder_ + "/part.patch"},
                       {.folder = home_.path + "/linux"})
               .status == 0;
  }

  const Home& home_;
  const GitRange& range_;
  std::string path_, folder_;
  Repository repository_;
  std::string from_, to_;
  bool ancestor_ = true;
};

}  // namespace

GitSides take_range(const Home& home, const std::string& argument, const GitRange& range, const std::string& folder) {
  GitSides sides = Taker(home, range, path_in_tree(argument, range.tree), folder).run();
  if (const CalledDriver* const called = find_called_driver(argument); called != nullptr)
    sides.before.called = sides.after.called = called;
  return sides;
}

}  // namespace custody::kernel_ref::drive
