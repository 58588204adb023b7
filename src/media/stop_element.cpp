#include "media/stop_element.hpp"

#include "glib/gst.hpp"

namespace voicecast {
namespace {

/// Stops the threads that carry packets from the network through the elements. An element that is stopped under such a
/// thread forgets what stream it is in, and srtpdec asserts on that (seen in 1.22.0 as a critical of
/// gst_pad_create_stream_id, when a sender hung up with packets on their way).
void stop_queues(GstBin* bin) {
  GstIterator* queues = gst_bin_iterate_all_by_element_factory_name(bin, "queue");
  gst_iterator_foreach(
      queues,
      [](const GValue* item, gpointer) {
        gst_element_set_state(GST_ELEMENT(g_value_get_object(item)), GST_STATE_NULL);
      },
      nullptr);
  gst_iterator_free(queues);
}

}  // namespace

void stop_element(GstElement* element) {
  stop_queues(GST_BIN(element));
  // Twice: while the first goes through its elements, a webrtcbin's own thread may still be making transports, which it
  // then starts (seen in 1.22.0: a nicesrc that ran for ever). At its end that thread is joined, and nothing is added.
  gst_element_set_state(element, GST_STATE_NULL);
  gst_element_set_state(element, GST_STATE_NULL);
}

}  // namespace voicecast
