// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/background.hpp"
#include "base/main_loop.hpp"
#include "publish/push.hpp"
#include "publish/written_files.hpp"
#include "stream/stream_registry.hpp"

namespace voicecast {

/// Pushes streams onward while they live: to other servers and into files, as the [publish.NAME] groups say. Main
/// thread.
class Publisher : public StreamObserver {
 public:
  Publisher(StreamRegistry& registry, std::vector<PublishConfig> configs, MakeTarget make_target);
  ~Publisher() override;

  /// These groups from now on. One that is as it was goes on undisturbed; one that is gone or another is finished, and
  /// what is new begins with the streams there are, once the one of its name before it has said goodbye.
  void change(std::vector<PublishConfig> configs);
  /// The streams may go on, but not what is pushed of them: all is finished.
  void finish_all();
  /// Nothing is being pushed any more.
  bool is_empty() const;
  std::vector<PublisherStatus> status() const;

  void on_stream_available(const std::string& id) override;
  void on_stream_ended(const std::string& id) override;

 private:
  class Group;
  std::unique_ptr<Group> make_group(PublishConfig config);
  void retire(std::unique_ptr<Group> group);
  void begin_in_free_places();
  void keep_tidy();

  StreamRegistry& registry_;
  MakeTarget make_target_;
  WrittenFiles written_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::vector<std::unique_ptr<Group>> retiring_;  ///< not wanted any more, but not yet done with saying goodbye
  Timer tidying_, on_retired_;
};

}  // namespace voicecast
