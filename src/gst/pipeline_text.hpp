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

/// The gst-launch texts of pipelines/: the copies inside the program, or those of --pipelines DIR. Main thread.
class PipelineTexts {
 public:
  /// `directory` holds edited copies; a file that is not there is taken from the program. Every text is read and
  /// parsed once, so that a mistake in one is told at start and not to the first listener.
  /// Those of what not everybody uses are named in `others`.
  static Result<PipelineTexts> load(const std::optional<std::filesystem::path>& directory,
                                    const std::vector<std::string>& others = {});

  /// The pipeline of NAME.launch, named `element_name`, which is how it shows in a GST_DEBUG_DUMP_DOT_DIR graph.
  Result<GPtr<GstElement>> build_pipeline(std::string_view name, const std::string& element_name) const;

  /// The bin of NAME.launch with {parameters} replaced and its open ends as the ghost pads "sink" and "src".
  Result<GPtr<GstElement>> build_bin(std::string_view name, const std::string& element_name,
                                     const std::map<std::string, std::string>& parameters = {}) const;

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace voicecast
