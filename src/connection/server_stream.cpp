// SPDX-License-Identifier: MIT
#include "connection/server_stream.hpp"

#include <utility>

namespace voicecast {
namespace {

using Side = std::shared_ptr<StreamSide>;

void refuse_to_block(GError** error) {
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "blocking I/O is not supported on the main loop");
}

gssize must_wait(GError** error) {
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "not ready");
  return -1;
}

GSource* pollable_source(GObject* stream, GSource* ready, GCancellable* cancellable) {
  const int priority = g_source_get_priority(ready);  // reset by the parent source
  GSource* source = g_pollable_source_new_full(stream, ready, cancellable);
  g_source_set_priority(source, priority);
  g_source_unref(ready);
  return source;
}

// The input

struct ServerInput {
  GInputStream parent;
  Side* side;
};
struct ServerInputClass {
  GInputStreamClass parent;
};

void server_input_make_pollable(GPollableInputStreamInterface* methods);

G_DEFINE_TYPE_WITH_CODE(ServerInput, server_input, G_TYPE_INPUT_STREAM,
                        G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_INPUT_STREAM, server_input_make_pollable))

StreamSide& side_of(GPollableInputStream* self) { return **reinterpret_cast<ServerInput*>(self)->side; }

void server_input_init(ServerInput* self) { self->side = new Side(); }

void server_input_finalize(GObject* self) noexcept {
  delete reinterpret_cast<ServerInput*>(self)->side;
  G_OBJECT_CLASS(server_input_parent_class)->finalize(self);
}

gssize server_input_read_nonblocking(GPollableInputStream* self, void* to, gsize size, GError** error) noexcept {
  const auto count = side_of(self).read({static_cast<char*>(to), size});
  if (count == 0 && size > 0 && side_of(self).is_body_cut()) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "the connection ended inside a request");
    return -1;
  }
  return count ? static_cast<gssize>(*count) : must_wait(error);
}

gboolean server_input_is_readable(GPollableInputStream* self) noexcept { return side_of(self).is_readable(); }

GSource* server_input_create_source(GPollableInputStream* self, GCancellable* cancellable) noexcept {
  return pollable_source(G_OBJECT(self), side_of(self).make_input_source(), cancellable);
}

gssize server_input_read(GInputStream*, void*, gsize, GCancellable*, GError** error) noexcept {
  refuse_to_block(error);
  return -1;
}

void server_input_make_pollable(GPollableInputStreamInterface* methods) {
  methods->is_readable = server_input_is_readable;
  methods->create_source = server_input_create_source;
  methods->read_nonblocking = server_input_read_nonblocking;
}

void server_input_class_init(ServerInputClass* methods) {
  G_OBJECT_CLASS(methods)->finalize = server_input_finalize;
  methods->parent.read_fn = server_input_read;
}

// The output

struct ServerOutputStream {
  GOutputStream parent;
  Side* side;
};
struct ServerOutputStreamClass {
  GOutputStreamClass parent;
};

void server_output_make_pollable(GPollableOutputStreamInterface* methods);

G_DEFINE_TYPE_WITH_CODE(ServerOutputStream, server_output, G_TYPE_OUTPUT_STREAM,
                        G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_OUTPUT_STREAM, server_output_make_pollable))

StreamSide& side_of(GPollableOutputStream* self) { return **reinterpret_cast<ServerOutputStream*>(self)->side; }

void server_output_init(ServerOutputStream* self) { self->side = new Side(); }

void server_output_finalize(GObject* self) noexcept {
  delete reinterpret_cast<ServerOutputStream*>(self)->side;
  G_OBJECT_CLASS(server_output_parent_class)->finalize(self);
}

gssize server_output_write_nonblocking(GPollableOutputStream* self, const void* from, gsize size,
                                       GError** error) noexcept {
  const auto count = side_of(self).write({static_cast<const char*>(from), size});
  if (!count) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "the connection is closed");
    return -1;
  }
  return *count > 0 || size == 0 ? static_cast<gssize>(*count) : must_wait(error);
}

/// Only a write shows whether the stream is writable.
gboolean server_output_is_writable(GPollableOutputStream*) noexcept { return TRUE; }

GSource* server_output_create_source(GPollableOutputStream* self, GCancellable* cancellable) noexcept {
  return pollable_source(G_OBJECT(self), side_of(self).make_output_source(), cancellable);
}

gssize server_output_write(GOutputStream*, const void*, gsize, GCancellable*, GError** error) noexcept {
  refuse_to_block(error);
  return -1;
}

void server_output_make_pollable(GPollableOutputStreamInterface* methods) {
  methods->is_writable = server_output_is_writable;
  methods->create_source = server_output_create_source;
  methods->write_nonblocking = server_output_write_nonblocking;
}

void server_output_class_init(ServerOutputStreamClass* methods) {
  G_OBJECT_CLASS(methods)->finalize = server_output_finalize;
  methods->parent.write_fn = server_output_write;
}

// Both

struct ServerStream {
  GIOStream parent;
  ServerInput* input;
  ServerOutputStream* output;
};
struct ServerStreamClass {
  GIOStreamClass parent;
};

G_DEFINE_TYPE(ServerStream, server_stream, G_TYPE_IO_STREAM)

void server_stream_init(ServerStream* self) {
  self->input = static_cast<ServerInput*>(g_object_new(server_input_get_type(), nullptr));
  self->output = static_cast<ServerOutputStream*>(g_object_new(server_output_get_type(), nullptr));
}

GInputStream* server_stream_get_input(GIOStream* self) noexcept {
  return &reinterpret_cast<ServerStream*>(self)->input->parent;
}

GOutputStream* server_stream_get_output(GIOStream* self) noexcept {
  return &reinterpret_cast<ServerStream*>(self)->output->parent;
}

gboolean server_stream_close(GIOStream* self, GCancellable*, GError**) noexcept {
  (*reinterpret_cast<ServerStream*>(self)->input->side)->on_closed();
  return TRUE;
}

void server_stream_close_async(GIOStream* self, int, GCancellable*, GAsyncReadyCallback done, gpointer data) noexcept {
  server_stream_close(self, nullptr, nullptr);
  GTask* task = g_task_new(self, nullptr, done, data);
  g_task_return_boolean(task, TRUE);
  g_object_unref(task);
}

gboolean server_stream_close_finish(GIOStream*, GAsyncResult* result, GError** error) noexcept {
  return g_task_propagate_boolean(G_TASK(result), error);
}

void server_stream_finalize(GObject* self) noexcept {
  // GIOStream closes itself in dispose, which runs before.
  g_object_unref(reinterpret_cast<ServerStream*>(self)->input);
  g_object_unref(reinterpret_cast<ServerStream*>(self)->output);
  G_OBJECT_CLASS(server_stream_parent_class)->finalize(self);
}

void server_stream_class_init(ServerStreamClass* methods) {
  G_OBJECT_CLASS(methods)->finalize = server_stream_finalize;
  methods->parent.get_input_stream = server_stream_get_input;
  methods->parent.get_output_stream = server_stream_get_output;
  methods->parent.close_fn = server_stream_close;
  methods->parent.close_async = server_stream_close_async;
  methods->parent.close_finish = server_stream_close_finish;
}

}  // namespace

GPtr<GIOStream> make_server_stream(std::shared_ptr<StreamSide> side) {
  auto stream = GPtr<GIOStream>::adopt(static_cast<GIOStream*>(g_object_new(server_stream_get_type(), nullptr)));
  const auto* made = reinterpret_cast<ServerStream*>(stream.get());
  *made->input->side = side;
  *made->output->side = std::move(side);
  return stream;
}

}  // namespace voicecast
