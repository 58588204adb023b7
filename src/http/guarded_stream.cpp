#include "http/guarded_stream.hpp"

#include <array>
#include <utility>

namespace voicecast {
namespace {

/// What both ends share.
struct Inside {
  GPtr<GIOStream> base;
  std::weak_ptr<GuardedStreamEvents> events;
  RequestGate gate;
  bool is_refused = false, is_blocked = false, has_shown_end = false;
  std::uint64_t taken = 0;              ///< of the output, by the connection
  std::size_t input_while_blocked = 0;  ///< since the connection last took something

  GPollableInputStream* input() const { return G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(base.get())); }
  GPollableOutputStream* output() const { return G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(base.get())); }
};
using SharedInside = std::shared_ptr<Inside>;

void refuse_to_block(GError** error) {
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "the main loop does not wait for clients");
}

// The input

struct GuardedInput {
  GInputStream parent;
  SharedInside* inside;
};
struct GuardedInputClass {
  GInputStreamClass parent;
};

void guarded_input_make_pollable(GPollableInputStreamInterface* methods);

G_DEFINE_TYPE_WITH_CODE(GuardedInput, guarded_input, G_TYPE_INPUT_STREAM,
                        G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_INPUT_STREAM, guarded_input_make_pollable))

Inside& inside_of(GPollableInputStream* self) { return **reinterpret_cast<GuardedInput*>(self)->inside; }

void guarded_input_init(GuardedInput* self) { self->inside = new SharedInside(); }

void guarded_input_finalize(GObject* self) noexcept {
  delete reinterpret_cast<GuardedInput*>(self)->inside;
  G_OBJECT_CLASS(guarded_input_parent_class)->finalize(self);
}

/// Lets what came into the gate.
void admit(Inside& inside, std::string_view bytes) {
  auto refusal = inside.gate.take(bytes);
  if (inside.is_blocked && (inside.input_while_blocked += bytes.size()) > max_input_while_blocked)
    refusal = Refusal{408, "The client does not take what is sent", RefusalReason::stalled};
  if (const auto events = inside.events.lock()) {
    events->on_input(inside.gate);
    if (refusal) events->on_refused(*refusal, inside.gate);
  }
  inside.is_refused = refusal.has_value();
}

/// The end, or a failure (-1 and `error`). libsoup 3.2 never lets go of a connection that ends between two requests,
/// for nobody is told of the end of a request that has not begun (io_finished() in soup-server-message-io-http1.c); it
/// does if that is inside a request, so it gets the first byte of one before.
gssize give_end(Inside& inside, gssize end, char* to, GError** error) {
  if (inside.gate.is_upgraded() || std::exchange(inside.has_shown_end, true)) return end;
  g_clear_error(error);
  *to = '?';
  return 1;
}

gssize guarded_input_read_nonblocking(GPollableInputStream* self, void* to, gsize size, GError** error) noexcept {
  auto& inside = inside_of(self);
  auto* const bytes_to = static_cast<char*>(to);
  while (!inside.gate.has_more()) {
    if (inside.is_refused) return give_end(inside, 0, bytes_to, error);
    std::array<char, 8192> bytes;
    GError* raw = nullptr;
    const auto count =
        g_pollable_input_stream_read_nonblocking(inside.input(), bytes.data(), bytes.size(), nullptr, &raw);
    const bool must_wait = g_error_matches(raw, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    if (raw) g_propagate_error(error, raw);
    if (must_wait) return count;
    if (count <= 0) return give_end(inside, count, bytes_to, error);
    admit(inside, {bytes.data(), static_cast<std::size_t>(count)});
  }
  return static_cast<gssize>(inside.gate.give(bytes_to, size));
}

gboolean guarded_input_is_readable(GPollableInputStream* self) noexcept {
  const auto& inside = inside_of(self);
  return inside.gate.has_more() || inside.is_refused || g_pollable_input_stream_is_readable(inside.input());
}

GSource* guarded_input_create_source(GPollableInputStream* self, GCancellable* cancellable) noexcept {
  const auto& inside = inside_of(self);
  GSource* ready = inside.gate.has_more() || inside.is_refused
                       ? g_timeout_source_new(0)
                       : g_pollable_input_stream_create_source(inside.input(), nullptr);
  GSource* source = g_pollable_source_new_full(self, ready, cancellable);
  g_source_unref(ready);
  return source;
}

gssize guarded_input_read(GInputStream*, void*, gsize, GCancellable*, GError** error) noexcept {
  refuse_to_block(error);
  return -1;
}

void guarded_input_make_pollable(GPollableInputStreamInterface* methods) {
  methods->is_readable = guarded_input_is_readable;
  methods->create_source = guarded_input_create_source;
  methods->read_nonblocking = guarded_input_read_nonblocking;
}

void guarded_input_class_init(GuardedInputClass* methods) {
  G_OBJECT_CLASS(methods)->finalize = guarded_input_finalize;
  methods->parent.read_fn = guarded_input_read;
}

// The output

struct GuardedOutput {
  GOutputStream parent;
  SharedInside* inside;
};
struct GuardedOutputClass {
  GOutputStreamClass parent;
};

void guarded_output_make_pollable(GPollableOutputStreamInterface* methods);

G_DEFINE_TYPE_WITH_CODE(GuardedOutput, guarded_output, G_TYPE_OUTPUT_STREAM,
                        G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_OUTPUT_STREAM, guarded_output_make_pollable))

Inside& inside_of(GPollableOutputStream* self) { return **reinterpret_cast<GuardedOutput*>(self)->inside; }

void guarded_output_init(GuardedOutput* self) { self->inside = new SharedInside(); }

void guarded_output_finalize(GObject* self) noexcept {
  delete reinterpret_cast<GuardedOutput*>(self)->inside;
  G_OBJECT_CLASS(guarded_output_parent_class)->finalize(self);
}

gssize guarded_output_write_nonblocking(GPollableOutputStream* self, const void* from, gsize size,
                                        GError** error) noexcept {
  auto& inside = inside_of(self);
  const auto count = g_pollable_output_stream_write_nonblocking(inside.output(), from, size, nullptr, error);
  inside.is_blocked = count < 0;
  if (count < 0) return count;
  inside.taken += static_cast<std::uint64_t>(count);
  inside.input_while_blocked = 0;
  return count;
}

gboolean guarded_output_is_writable(GPollableOutputStream* self) noexcept {
  return g_pollable_output_stream_is_writable(inside_of(self).output());
}

GSource* guarded_output_create_source(GPollableOutputStream* self, GCancellable* cancellable) noexcept {
  GSource* ready = g_pollable_output_stream_create_source(inside_of(self).output(), nullptr);
  GSource* source = g_pollable_source_new_full(self, ready, cancellable);
  g_source_unref(ready);
  return source;
}

gssize guarded_output_write(GOutputStream*, const void*, gsize, GCancellable*, GError** error) noexcept {
  refuse_to_block(error);
  return -1;
}

void guarded_output_make_pollable(GPollableOutputStreamInterface* methods) {
  methods->is_writable = guarded_output_is_writable;
  methods->create_source = guarded_output_create_source;
  methods->write_nonblocking = guarded_output_write_nonblocking;
}

void guarded_output_class_init(GuardedOutputClass* methods) {
  G_OBJECT_CLASS(methods)->finalize = guarded_output_finalize;
  methods->parent.write_fn = guarded_output_write;
}

// Both

struct GuardedStream {
  GIOStream parent;
  GuardedInput* input;
  GuardedOutput* output;
};
struct GuardedStreamClass {
  GIOStreamClass parent;
};

G_DEFINE_TYPE(GuardedStream, guarded_stream, G_TYPE_IO_STREAM)

void guarded_stream_init(GuardedStream* self) {
  self->input = static_cast<GuardedInput*>(g_object_new(guarded_input_get_type(), nullptr));
  self->output = static_cast<GuardedOutput*>(g_object_new(guarded_output_get_type(), nullptr));
}

GInputStream* guarded_stream_get_input(GIOStream* self) noexcept {
  return &reinterpret_cast<GuardedStream*>(self)->input->parent;
}

GOutputStream* guarded_stream_get_output(GIOStream* self) noexcept {
  return &reinterpret_cast<GuardedStream*>(self)->output->parent;
}

gboolean guarded_stream_close(GIOStream* self, GCancellable*, GError**) noexcept {
  const auto& inside = **reinterpret_cast<GuardedStream*>(self)->input->inside;
  const auto events = inside.events.lock();
  if (!events || events->on_closing())
    g_io_stream_close_async(inside.base.get(), G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
  return TRUE;
}

void guarded_stream_close_async(GIOStream* self, int, GCancellable*, GAsyncReadyCallback done, gpointer data) noexcept {
  guarded_stream_close(self, nullptr, nullptr);
  GTask* task = g_task_new(self, nullptr, done, data);
  g_task_return_boolean(task, TRUE);
  g_object_unref(task);
}

gboolean guarded_stream_close_finish(GIOStream*, GAsyncResult* result, GError** error) noexcept {
  return g_task_propagate_boolean(G_TASK(result), error);
}

void guarded_stream_finalize(GObject* self) noexcept {
  // GIOStream closes at its disposal, which comes before.
  g_object_unref(reinterpret_cast<GuardedStream*>(self)->input);
  g_object_unref(reinterpret_cast<GuardedStream*>(self)->output);
  G_OBJECT_CLASS(guarded_stream_parent_class)->finalize(self);
}

void guarded_stream_class_init(GuardedStreamClass* methods) {
  G_OBJECT_CLASS(methods)->finalize = guarded_stream_finalize;
  methods->parent.get_input_stream = guarded_stream_get_input;
  methods->parent.get_output_stream = guarded_stream_get_output;
  methods->parent.close_fn = guarded_stream_close;
  methods->parent.close_async = guarded_stream_close_async;
  methods->parent.close_finish = guarded_stream_close_finish;
}

}  // namespace

GPtr<GIOStream> guard_stream(GIOStream* base, const std::weak_ptr<GuardedStreamEvents>& events) {
  auto stream = GPtr<GIOStream>::adopt(static_cast<GIOStream*>(g_object_new(guarded_stream_get_type(), nullptr)));
  const auto inside = std::make_shared<Inside>();
  inside->base = GPtr<GIOStream>::share(base);
  inside->events = events;
  const auto* guarded = reinterpret_cast<GuardedStream*>(stream.get());
  *guarded->input->inside = *guarded->output->inside = inside;
  return stream;
}

std::uint64_t bytes_taken(GIOStream* stream) {
  return inside_of(G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(stream))).taken;
}

}  // namespace voicecast
