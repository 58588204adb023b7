#include "media/ogg_output.hpp"

#include "glib/gst.hpp"

namespace voicecast {

Result<std::shared_ptr<OggOutput>> OggOutput::start(const std::string& name, GPtr<GstElement> tee,
                                                    const MediaConfig& config) {
  auto bin = config.texts.build_bin("ogg_station", name);
  if (!bin) return bin.error();
  std::shared_ptr<OggOutput> output(new OggOutput);
  if (auto status = output->attach(std::move(tee), std::move(*bin)); !status) return status.error();
  return output;
}

}  // namespace voicecast
