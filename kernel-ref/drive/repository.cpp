// SPDX-License-Identifier: GPL-2.0-only
// A git repository that nobody trusts: its objects and refs, behind a configuration of our own.
#include "kernel-ref/drive/repository.hpp"

#include <cstdlib>
#include <filesystem>

#include "kernel-ref/drive/source.hpp"

namespace custody::kernel_ref::drive {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMostRef = std::uintmax_t{1} << 16U, kMostPacked = std::uintmax_t{1} << 26U;
constexpr unsigned kMostRefs = 200'000, kMostSeconds = 300;

bool is_plain_file(const fs::path& path, std::uintmax_t most) {
  std::error_code error;
  return fs::symlink_status(path, error).type() == fs::file_type::regular && fs::file_size(path, error) <= most &&
         !error;
}

void copy_plain(const fs::path& from, const fs::path& to, std::uintmax_t most) {
  if (!is_plain_file(from, most)) return;
  fs::create_directories(to.parent_path());
  write_file(to.string(), read_file(from.string()));
}

/// The one line of a file that names a folder, which is relative to `of`. Empty: it is none.
std::string named_in(const fs::path& file, const std::string& prefix, const fs::path& of) {
  if (!is_plain_file(file, kMostRef)) return {};
  std::string text = read_file(file.string());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text.starts_with(prefix) ? (of / text.substr(prefix.size())).string() : std::string();
}

bool is_repository(const fs::path& folder) {
  return fs::is_directory(folder / "objects") || is_plain_file(folder / "commondir", kMostRef);
}

/// The folder that `.git` is or names, of this one or of the nearest around it.
std::string find_repository(const std::string& tree) {
  std::error_code error;
  fs::path at = fs::weakly_canonical(tree, error);
  if (error || !fs::is_directory(at)) throw InputProblem(tree + ": no such folder, expected a git repository");
  if (fs::is_regular_file(at / "HEAD") && is_repository(at)) return at.string();
  for (;; at = at.parent_path()) {
    if (is_repository(at / ".git")) return (at / ".git").string();
    const std::string named = named_in(at / ".git", "gitdir: ", at);
    if (!named.empty() && is_repository(named)) return named;
    if (at == at.parent_path())
      throw InputProblem(tree + ": is no git repository, expected a kernel tree or a bare one");
  }
}

}  // namespace

Repository::Repository(const std::string& tree, const std::string& folder) : folder_(folder) {
  const std::string own = find_repository(tree);
  const std::string shared = named_in(fs::path(own) / "commondir", "", own);
  const std::string common = shared.empty() ? own : shared;
  objects_ = common + "/objects";
  if (!fs::is_directory(objects_)) throw InputProblem(tree + ": is no git repository, it has no objects");
  has_names_ = !fs::exists(common + "/reftable");
  fs::create_directories(folder_ + "/refs");
  fs::create_directories(folder_ + "/objects");
  write_file(folder_ + "/HEAD", "ref: refs/heads/none\n");
  write_file(folder_ + "/config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tbigFileThreshold = 4m\n");
  copy_refs(own, common);
}

void Repository::copy_refs(const std::string& own, const std::string& common) const {
  unsigned count = 0;
  std::error_code error;
  for (const std::string& from : {common, own}) {
    for (auto at = fs::recursive_directory_iterator(from + "/refs", error); at != fs::recursive_directory_iterator();
         at.increment(error)) {
      if (error || ++count > kMostRefs) throw InputProblem(from + "/refs: cannot be read, or has too many refs");
      copy_plain(at->path(), fs::path(folder_) / at->path().lexically_relative(from), kMostRef);
    }
    if (from == own) copy_plain(own + "/HEAD", folder_ + "/HEAD", kMostRef);
  }
  copy_plain(common + "/packed-refs", folder_ + "/packed-refs", kMostPacked);
  copy_plain(common + "/shallow", folder_ + "/shallow", kMostPacked);
}

Ran Repository::git(const std::vector<std::string>& words, std::size_t most) const {
  std::vector<std::string> all = {"git", "--no-pager", "--literal-pathspecs"};
  all.insert(all.end(), words.begin(), words.end());
  const char* path = std::getenv("PATH");
  RunOptions options;
  options.folder = folder_;
  options.environment = {std::string("PATH=") + (path != nullptr ? path : "/usr/bin:/bin"),
                         "HOME=" + folder_,
                         "LC_ALL=C",
                         "GIT_DIR=" + folder_,
                         "GIT_OBJECT_DIRECTORY=" + objects_,
                         "GIT_CONFIG_NOSYSTEM=1",
                         "GIT_CONFIG_GLOBAL=/dev/null",
                         "GIT_ATTR_NOSYSTEM=1",
                         "GIT_ALLOW_PROTOCOL=",
                         "GIT_NO_LAZY_FETCH=1",
                         "GIT_NO_REPLACE_OBJECTS=1",
                         "GIT_OPTIONAL_LOCKS=0"};
  options.errors_apart = true;
  options.most = most;
  options.seconds = kMostSeconds;
  Ran ran = run_program(all, options);
  if (ran.status == 127) throw InputProblem("git(1) is missing: apt-get install git");
  return ran;
}

}  // namespace custody::kernel_ref::drive
