// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>

#include "doctor/media_check.hpp"
#include "gst/elements.hpp"
#include "gst/gst.hpp"
#include "gst/pipeline_text.hpp"

namespace voicecast {
namespace {

std::string version_of_webrtcbin() {
  const auto factory = GPtr<GstObject>::adopt(GST_OBJECT(gst_element_factory_find("webrtcbin")));
  if (!factory) return {};
  const auto plugin =
      GPtr<GstObject>::adopt(GST_OBJECT(gst_plugin_feature_get_plugin(GST_PLUGIN_FEATURE(factory.get()))));
  return plugin ? gst_plugin_get_version(GST_PLUGIN(plugin.get())) : "";
}

}  // namespace

MediaFacts look_at_media(const Config& config, const DirectoryFacts& registry) {
  MediaFacts facts;
  guint micro = 0, nano = 0;
  gst_version(&facts.major, &facts.minor, &micro, &nano);
  facts.version = std::to_string(facts.major) + '.' + std::to_string(facts.minor) + '.' + std::to_string(micro);
  facts.webrtc_version = version_of_webrtcbin();
  facts.missing = missing_elements();
  std::ranges::copy(missing_elements(config.publish), std::back_inserter(facts.missing));
  facts.registry = registry;
  if (config.pipelines) facts.pipelines = config.pipelines->string();
  if (!facts.missing.empty()) return facts;  // texts with missing elements cannot be parsed
  const auto texts = PipelineTexts::load(config.pipelines, texts_for(config.publish));
  if (!texts) facts.text_error = texts.error().message;
  return facts;
}

}  // namespace voicecast
