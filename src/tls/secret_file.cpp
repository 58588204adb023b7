// SPDX-License-Identifier: MIT
#include "tls/secret_file.hpp"

#include <fcntl.h>
#include <glib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace voicecast {
namespace {

/// The size of a hundred certificates; a larger file is a mistake in the configuration.
constexpr std::size_t max_bytes = 1 << 20;

constexpr mode_t others = 0077;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error file_error(const std::filesystem::path& file, std::string_view doing, int code) {
  return {code == ENOENT ? ErrorCode::not_found : ErrorCode::failed,
          "cannot " + std::string(doing) + " " + file.string() + ": " + g_strerror(code)};
}

Result<std::string> read_all(int fd, const std::filesystem::path& file) {
  std::string text;
  for (;;) {
    char part[4096];
    const auto size = read(fd, part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return file_error(file, "read", errno);
    if (size == 0) return text;
    text.append(part, static_cast<std::size_t>(size));
    if (text.size() > max_bytes) return file_error(file, "read", EFBIG);
  }
}

/// The receiver of notices about secrets that other users can access, and the action to take.
struct Secrecy {
  std::vector<std::string>& notices;
  OpenSecret open_secret;
};

void hide_from_others(int fd, const struct stat& status, const std::filesystem::path& file, const Secrecy& secrecy) {
  if (!(status.st_mode & others)) return;
  const bool is_hidden = secrecy.open_secret == OpenSecret::close && fchmod(fd, status.st_mode & 07777 & ~others) == 0;
  secrecy.notices.push_back(file.string() + " holds a secret and " + (is_hidden ? "was" : "is") +
                            " open to other users; " +
                            (is_hidden ? "their permissions were removed" : "remove their permissions: chmod 600"));
}

Result<std::string> read_regular(const std::filesystem::path& file, const Secrecy* secrecy) {
  // Without O_NONBLOCK, opening a FIFO blocks until there is a writer.
  const Descriptor fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (fd.get() < 0 || fstat(fd.get(), &status) != 0) return file_error(file, "read", errno);
  if (!S_ISREG(status.st_mode))
    return Error{ErrorCode::failed, "cannot read " + file.string() + ": not a regular file"};
  if (secrecy) hide_from_others(fd.get(), status, file, *secrecy);
  return read_all(fd.get(), file);
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& file) { return read_regular(file, nullptr); }

Result<std::string> read_secret(const std::filesystem::path& file, std::vector<std::string>& notices,
                                OpenSecret open_secret) {
  const Secrecy secrecy{notices, open_secret};
  return read_regular(file, &secrecy);
}

Status replace_file(const std::filesystem::path& file, std::string_view text, int mode) {
  GError* raw = nullptr;
  const auto flags = GFileSetContentsFlags(G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE);
  if (!g_file_set_contents_full(file.c_str(), text.data(), static_cast<gssize>(text.size()), flags, mode, &raw))
    return take_error(raw, "cannot write " + file.string());
  return success();
}

Status make_directory(const std::filesystem::path& directory) {
  if (g_mkdir_with_parents(directory.c_str(), 0700) != 0) return file_error(directory, "make the directory", errno);
  return success();
}

DirectoryLock::DirectoryLock(const std::filesystem::path& directory)
    : fd_(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  while (fd_ >= 0 && flock(fd_, LOCK_EX) != 0 && errno == EINTR) continue;
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace voicecast
