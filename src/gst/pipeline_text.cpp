// SPDX-License-Identifier: MIT
#include "gst/pipeline_text.hpp"

#include <filesystem>
#include <sstream>
#include <system_error>

#include "gst/gst.hpp"

namespace voicecast {
namespace {

constexpr const char* always_needed[] = {"stream", "receiver", "mp3", "opus"};

Result<std::string> read_file(const std::filesystem::path& path) {
  char* raw = nullptr;
  gsize size = 0;
  GError* error = nullptr;
  if (!g_file_get_contents(path.c_str(), &raw, &size, &error)) return take_error(error, "cannot read " + path.string());
  const GUnique<char> text(raw);
  return std::string(text.get(), size);
}

/// Whether the file may exist; also true if that cannot be determined, for example in an inaccessible directory: then
/// reading the file reports the reason.
bool may_be_there(const std::filesystem::path& path) {
  std::error_code problem;
  return std::filesystem::status(path, problem).type() != std::filesystem::file_type::not_found;
}

Result<std::string> read_resource(const std::string& file) {
  GError* error = nullptr;
  const auto bytes = GPtr<GBytes>::adopt(
      g_resources_lookup_data(("/voicecast/pipelines/" + file).c_str(), G_RESOURCE_LOOKUP_FLAGS_NONE, &error));
  if (error) return take_error(error, "cannot read the built-in " + file);
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.get(), &size));
  return std::string(data, size);
}

/// Removes the lines that start with "#": comments, which gst-launch does not support.
std::string without_comments(const std::string& text) {
  std::istringstream in(text);
  std::string kept;
  for (std::string line; std::getline(in, line);)
    if (!line.starts_with('#')) kept += line + "\n";
  return kept;
}

std::string replace_parameters(std::string text, const std::map<std::string, std::string>& parameters) {
  for (const auto& [name, value] : parameters) {
    const auto mark = "{" + name + "}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  }
  return text;
}

}  // namespace

Result<PipelineTexts> PipelineTexts::load(const std::optional<std::filesystem::path>& directory,
                                          const std::vector<std::string>& others) {
  PipelineTexts texts;
  std::vector<std::string> names(std::begin(always_needed), std::end(always_needed));
  names.insert(names.end(), others.begin(), others.end());
  for (const auto& name : names) {
    const auto file = name + ".launch";
    const bool is_own = directory && may_be_there(*directory / file);
    auto text = is_own ? read_file(*directory / file) : read_resource(file);
    if (!text) return text.error();
    texts.texts_[name] = without_comments(*text);
    auto trial =
        name == "stream" ? texts.build_pipeline(name, name) : texts.build_bin(name, name, {{"bitrate", "128"}});
    if (!trial)
      return Error{ErrorCode::failed, (is_own ? (*directory / file).string() : file) + ": " + trial.error().message};
  }
  return texts;
}

Result<GPtr<GstElement>> PipelineTexts::build_pipeline(std::string_view name, const std::string& element_name) const {
  GError* raw = nullptr;
  auto pipeline = GPtr<GstElement>::adopt(
      gst_parse_launch_full(texts_.find(name)->second.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &raw));
  if (raw) return take_error(raw, "cannot build the pipeline");
  if (!GST_IS_PIPELINE(pipeline.get())) return Error{ErrorCode::failed, "a pipeline needs more than one element"};
  gst_object_set_name(GST_OBJECT(pipeline.get()), element_name.c_str());
  return pipeline;
}

Result<GPtr<GstElement>> PipelineTexts::build_bin(std::string_view name, const std::string& element_name,
                                                  const std::map<std::string, std::string>& parameters) const {
  const auto text = replace_parameters(texts_.find(name)->second, parameters);
  GError* raw = nullptr;
  auto bin = GPtr<GstElement>::adopt(
      gst_parse_bin_from_description_full(text.c_str(), TRUE, nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &raw));
  if (raw) return take_error(raw, "cannot build the branch");
  gst_object_set_name(GST_OBJECT(bin.get()), element_name.c_str());
  return bin;
}

}  // namespace voicecast
