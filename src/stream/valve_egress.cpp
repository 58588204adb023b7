// SPDX-License-Identifier: MIT
#include "stream/valve_egress.hpp"

#include <chrono>

#include "gst/gst.hpp"
#include "webrtc/rtcp.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock::time_point;

/// webrtcbin collects statistics at each query.
constexpr auto report_interval = 2s;

class ValveEgress : public ReceiverEgress {
 public:
  ValveEgress(GPtr<GstElement> bin, GPtr<GstElement> webrtcbin)
      : bin_(std::move(bin)), webrtcbin_(std::move(webrtcbin)) {}

  Status open() override {
    const auto valve = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin_.get()), "gate"));
    if (valve) g_object_set(valve.get(), "drop", FALSE, nullptr);
    return success();
  }

  std::optional<ReceptionReport> reception() const override {
    const auto now = Time::clock::now();
    if (now - asked_ >= report_interval) {
      reception_ = reception_report(webrtcbin_.get());
      asked_ = now;
    }
    return reception_;
  }

 private:
  GPtr<GstElement> bin_, webrtcbin_;
  mutable Time asked_{};
  mutable std::optional<ReceptionReport> reception_;
};

}  // namespace

std::unique_ptr<ReceiverEgress> make_valve_egress(GstElement* bin, GstElement* webrtcbin) {
  return std::make_unique<ValveEgress>(GPtr<GstElement>::share(bin), GPtr<GstElement>::share(webrtcbin));
}

}  // namespace voicecast
