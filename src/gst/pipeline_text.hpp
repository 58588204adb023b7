// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// The gst-launch texts of pipelines/: the built-in ones, or those of --pipelines DIR. Main thread.
class PipelineTexts {
 public:
  /// Loads the texts: from `directory`, or the built-in text where it has no such file. `others` names texts beyond
  /// those that are always needed. Parses every text once, so that a mistake fails the start; the Error names the file.
  static Result<PipelineTexts> load(const std::optional<std::filesystem::path>& directory,
                                    const std::vector<std::string>& others = {});

  /// Builds the pipeline of NAME.launch, named `element_name` (as shown in a GST_DEBUG_DUMP_DOT_DIR graph).
  Result<GPtr<GstElement>> build_pipeline(std::string_view name, const std::string& element_name) const;

  /// Builds the bin of NAME.launch with the {parameters} replaced and its unlinked pads as the ghost pads "sink" and
  /// "src".
  Result<GPtr<GstElement>> build_bin(std::string_view name, const std::string& element_name,
                                     const std::map<std::string, std::string>& parameters = {}) const;

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace voicecast
