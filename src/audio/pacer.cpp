// SPDX-License-Identifier: MIT
#include "audio/pacer.hpp"

#include <gst/gst.h>

#include <array>
#include <mutex>
#include <utility>

#include "audio/mp3_frame.hpp"
#include "audio/playout.hpp"

namespace voicecast {
namespace {

constexpr std::size_t buffer_bytes = mp3_samples_per_frame * Playout::channels * sizeof(std::int16_t);

/// After a suspend of the machine, missed buffers are skipped.
constexpr GstClockTime max_lateness = GST_SECOND;

/// State shared by the two threads. A member by pointer: GObject calls no constructors.
struct State {
  std::mutex mutex;
  Playout playout;
  GstClockID wait = nullptr;  ///< the thread's current wait
  bool is_running = false;
  // Used by the thread only:
  GstClockTime start = GST_CLOCK_TIME_NONE;  ///< the running time of the first buffer
  guint64 given = 0;                         ///< buffers since then
};

struct Pacer {
  GstElement element;
  GstPad* source;
  State* state;
};
struct PacerClass {
  GstElementClass parent;
};

GType pacer_get_type();
G_DEFINE_TYPE(Pacer, pacer, GST_TYPE_ELEMENT)

Pacer* to_pacer(gpointer object) { return static_cast<Pacer*>(object); }

constexpr const char* format =
    "audio/x-raw, format=S16LE, layout=interleaved, rate=44100, channels=2, channel-mask=(bitmask)3";

GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(format));
GstStaticPadTemplate source_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(format));

GstFlowReturn take_voice(GstPad*, GstObject* parent, GstBuffer* buffer) noexcept {
  auto& state = *to_pacer(parent)->state;
  GstMapInfo map;
  if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    const std::lock_guard lock(state.mutex);
    state.playout.write({reinterpret_cast<const std::int16_t*>(map.data), map.size / sizeof(std::int16_t)});
    gst_buffer_unmap(buffer, &map);
  }
  gst_buffer_unref(buffer);
  return GST_FLOW_OK;
}

/// Drops events of the input: the source pad has its own stream, caps and segment.
gboolean drop_event(GstPad*, GstObject*, GstEvent* event) noexcept {
  gst_event_unref(event);
  return TRUE;
}

void send_format(GstPad* pad) {
  gst_pad_push_event(pad, gst_event_new_stream_start("voicecast"));
  auto* caps = gst_static_pad_template_get_caps(&source_template);
  gst_pad_push_event(pad, gst_event_new_caps(caps));
  gst_caps_unref(caps);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_pad_push_event(pad, gst_event_new_segment(&segment));
}

/// The running time of a buffer, computed from the start: rounding does not accumulate.
GstClockTime time_of(const State& state, guint64 buffer) {
  return state.start + gst_util_uint64_scale(buffer * mp3_samples_per_frame, GST_SECOND, mp3_sample_rate_hz);
}

/// Waits for the next buffer's time. False: the element stops.
bool wait_until(Pacer* pacer, GstClock* clock, GstClockTime time) {
  auto& state = *pacer->state;
  {
    const std::lock_guard lock(state.mutex);
    if (!state.is_running) return false;
    state.wait = gst_clock_new_single_shot_id(clock, time);
  }
  gst_clock_id_wait(state.wait, nullptr);
  const std::lock_guard lock(state.mutex);
  gst_clock_id_unref(std::exchange(state.wait, nullptr));
  return state.is_running;
}

GstBuffer* next_buffer(State& state) {
  std::array<std::int16_t, mp3_samples_per_frame * Playout::channels> samples;
  {
    const std::lock_guard lock(state.mutex);
    state.playout.read(samples);
  }
  auto* buffer = gst_buffer_new_allocate(nullptr, buffer_bytes, nullptr);
  gst_buffer_fill(buffer, 0, samples.data(), buffer_bytes);
  GST_BUFFER_PTS(buffer) = time_of(state, state.given);
  GST_BUFFER_DURATION(buffer) = time_of(state, state.given + 1) - time_of(state, state.given);
  ++state.given;
  return buffer;
}

/// Pauses the thread from within, unless it was restarted meanwhile.
void rest(Pacer* pacer) {
  const std::lock_guard lock(pacer->state->mutex);
  if (!pacer->state->is_running) gst_pad_pause_task(pacer->source);
}

/// One iteration of the thread.
void give_voice(gpointer p) noexcept {
  auto* pacer = to_pacer(p);
  auto& state = *pacer->state;
  auto* clock = gst_element_get_clock(GST_ELEMENT(pacer));
  if (!clock) return gst_pad_pause_task(pacer->source), void();
  const auto base = gst_element_get_base_time(GST_ELEMENT(pacer));
  const auto now = gst_clock_get_time(clock) - base;
  if (!GST_CLOCK_TIME_IS_VALID(state.start)) {
    state.start = now;
    send_format(pacer->source);
  } else if (now > time_of(state, state.given) + max_lateness) {
    state.start += now - time_of(state, state.given);
  }
  const bool is_time = wait_until(pacer, clock, base + time_of(state, state.given));
  gst_object_unref(clock);
  if (!is_time) return rest(pacer);
  if (gst_pad_push(pacer->source, next_buffer(state)) != GST_FLOW_OK) gst_pad_pause_task(pacer->source);
}

void start(Pacer* pacer) {
  {
    const std::lock_guard lock(pacer->state->mutex);
    pacer->state->is_running = true;
  }
  gst_pad_start_task(pacer->source, give_voice, pacer, nullptr);
}

/// Does not wait for the thread: it may be blocked in the sink, which is paused already, until that stops.
void stop(Pacer* pacer) {
  const std::lock_guard lock(pacer->state->mutex);
  pacer->state->is_running = false;
  if (pacer->state->wait) gst_clock_id_unschedule(pacer->state->wait);
}

/// A live source: it outputs nothing before PLAYING.
GstStateChangeReturn change_state(GstElement* element, GstStateChange change) {
  auto* pacer = to_pacer(element);
  if (change == GST_STATE_CHANGE_PLAYING_TO_PAUSED) stop(pacer);
  const auto result = GST_ELEMENT_CLASS(pacer_parent_class)->change_state(element, change);
  if (result == GST_STATE_CHANGE_FAILURE) return result;
  if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING) start(pacer);
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED || change == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    return GST_STATE_CHANGE_NO_PREROLL;
  return result;
}

/// A deactivated pad drops its sticky events: the next start is a new stream.
gboolean activate_source(GstPad* pad, GstObject* parent, GstPadMode, gboolean active) noexcept {
  if (active) return TRUE;
  const bool is_stopped = gst_pad_stop_task(pad);
  to_pacer(parent)->state->start = GST_CLOCK_TIME_NONE;
  to_pacer(parent)->state->given = 0;
  return is_stopped;
}

void finalize(GObject* object) {
  delete to_pacer(object)->state;
  G_OBJECT_CLASS(pacer_parent_class)->finalize(object);
}

void pacer_class_init(PacerClass* type) {
  G_OBJECT_CLASS(type)->finalize = finalize;
  auto* element = GST_ELEMENT_CLASS(type);
  element->change_state = change_state;
  gst_element_class_add_static_pad_template(element, &sink_template);
  gst_element_class_add_static_pad_template(element, &source_template);
  gst_element_class_set_static_metadata(element, "Pacer", "Filter/Audio", "Gives a voice at the clock's pace",
                                        "voicecast");
}

void pacer_init(Pacer* pacer) {
  pacer->state = new State;
  auto* sink = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(sink, take_voice);
  gst_pad_set_event_function(sink, drop_event);
  gst_element_add_pad(GST_ELEMENT(pacer), sink);
  pacer->source = gst_pad_new_from_static_template(&source_template, "src");
  gst_pad_set_activatemode_function(pacer->source, activate_source);
  gst_element_add_pad(GST_ELEMENT(pacer), pacer->source);
  GST_OBJECT_FLAG_SET(pacer, GST_ELEMENT_FLAG_SOURCE);
}

}  // namespace

GstElement* make_pacer() { return GST_ELEMENT(g_object_new(pacer_get_type(), nullptr)); }

}  // namespace voicecast
