#include "stream/gate.hpp"

#include "gst/gst.hpp"

namespace voicecast {
namespace {

class Valve : public Gate {
 public:
  explicit Valve(GPtr<GstElement> bin) : bin_(std::move(bin)) {}

  Status open() override {
    const auto valve = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin_.get()), "gate"));
    if (valve) g_object_set(valve.get(), "drop", FALSE, nullptr);
    return success();
  }

 private:
  GPtr<GstElement> bin_;
};

}  // namespace

std::unique_ptr<Gate> gate_in(GstElement* bin) { return std::make_unique<Valve>(GPtr<GstElement>::share(bin)); }

}  // namespace voicecast
