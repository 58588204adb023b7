#include "status/graphviz.hpp"

#include <sys/resource.h>

#include <array>
#include <atomic>
#include <memory>
#include <utility>

#include "base/gio.hpp"

namespace voicecast {

template <>
struct Refs<GSubprocess> : ObjectRefs {};
template <>
struct Refs<GSubprocessLauncher> : ObjectRefs {};

namespace {

using namespace std::chrono_literals;

constexpr std::size_t mebibyte = 1024 * 1024;

/// A stream with 20 receivers takes 2 s and 85 MiB here and is 2.3 MB of SVG; with 60, it is 25 s, 224 MiB and 6.8 MB.
constexpr auto time_limit = 10s;
constexpr std::size_t max_svg_bytes = 16 * mebibyte;
/// As a service we share a limit of memory with the program, and for its excess systemd would end us, too (OOMPolicy=).
constexpr rlim_t max_memory_bytes = 256 * mebibyte;

/// In the child, between fork() and exec(): only what is async-signal-safe.
void be_modest(gpointer) noexcept {
  constexpr int last_of_all = 19;  // the voice comes first
  setpriority(PRIO_PROCESS, 0, last_of_all);
  constexpr rlimit memory{max_memory_bytes, max_memory_bytes};
  setrlimit(RLIMIT_AS, &memory);
}

/// A program that finds no memory often just crashes, so the bounds are named whatever it was.
Error failure(const std::string& words) {
  return {ErrorCode::failed, "Graphviz has not drawn it, for which it has " + std::to_string(time_limit / 1s) +
                                 " s and " + std::to_string(max_memory_bytes / mebibyte) + " MiB: " + words};
}

Error failure(GError* raw) {
  const GUnique<GError> error(raw);
  if (g_error_matches(raw, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    return {ErrorCode::unsupported, "Graphviz is not installed on the server (Debian's package graphviz)"};
  return failure(raw->message);
}

Result<GPtr<GSubprocess>> launch() {
  constexpr auto pipes = static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  const auto launcher = GPtr<GSubprocessLauncher>::adopt(g_subprocess_launcher_new(pipes));
  g_subprocess_launcher_set_child_setup(launcher.get(), be_modest, nullptr, nullptr);
  GError* raw = nullptr;
  auto program = GPtr<GSubprocess>::adopt(g_subprocess_launcher_spawn(launcher.get(), &raw, "dot", "-Tsvg", nullptr));
  if (raw) return failure(raw);
  return program;
}

Result<std::string> read_all(GInputStream* input, GCancellable* cancellable) {
  std::string text;
  std::array<char, 64 * 1024> piece;
  while (text.size() <= max_svg_bytes) {
    GError* raw = nullptr;
    const auto count = g_input_stream_read(input, piece.data(), piece.size(), cancellable, &raw);
    if (raw) return failure(raw);
    if (count == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  return failure("the picture has more than " + std::to_string(max_svg_bytes / mebibyte) + " MiB");
}

Result<std::string> converse(GSubprocess* program, const std::string& graph, GCancellable* cancellable) {
  auto* input = g_subprocess_get_stdin_pipe(program);
  // Whatever goes wrong here, the program says better by its status.
  g_output_stream_write_all(input, graph.data(), graph.size(), nullptr, cancellable, nullptr);
  g_output_stream_close(input, nullptr, nullptr);
  auto svg = read_all(g_subprocess_get_stdout_pipe(program), cancellable);
  if (!svg) return svg;
  GError* raw = nullptr;
  if (!g_subprocess_wait_check(program, cancellable, &raw)) return failure(raw);
  if ((*svg).empty()) return failure("it wrote nothing");
  return svg;
}

Result<std::string> to_svg(const std::string& graph, GCancellable* cancellable) {
  const auto program = launch();
  if (!program) return program.error();
  auto svg = converse((*program).get(), graph, cancellable);
  g_subprocess_force_exit((*program).get());  // if it has not ended by itself
  return svg;
}

}  // namespace

/// As both threads see it.
struct Graphviz::Drawing {
  GPtr<GCancellable> cancellable = GPtr<GCancellable>::adopt(g_cancellable_new());
  std::atomic<const char*> why_ended = nullptr;  ///< before its time

  void end(const char* why) {
    why_ended = why;
    g_cancellable_cancel(cancellable.get());
  }
};

void Graphviz::stop() {
  if (drawing_) drawing_->end("nobody waits for it any more");
}

void Graphviz::draw(std::string graph, Done done) {
  drawing_ = std::make_shared<Drawing>();
  limit_ = after(time_limit, [drawing = drawing_] { drawing->end("it took too long"); });
  queue_.run([graph = std::move(graph), drawing = drawing_, done = std::move(done)]() mutable {
    auto svg = to_svg(graph, drawing->cancellable.get());
    if (const char* why = drawing->why_ended; why && !svg) svg = failure(why);
    post([svg = std::move(svg), done = std::move(done)] { done(svg); });
  });
}

}  // namespace voicecast
