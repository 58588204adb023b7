#pragma once

#include <memory>
#include <string>
#include <vector>

#include "glib/background.hpp"
#include "glib/main_loop.hpp"
#include "media/push.hpp"
#include "media/stream_registry.hpp"

namespace voicecast {

/// Pushes streams onward while they live: to other servers and into files, as the [publish.NAME] groups say. Main
/// thread.
class Publisher : public StreamObserver {
 public:
  Publisher(StreamRegistry& registry, std::vector<PublishConfig> configs, MakeTarget make_target);
  ~Publisher() override;

  /// The streams may go on, but not what is pushed of them: all is finished.
  void finish_all();
  /// Nothing is being pushed any more.
  bool is_empty() const;
  std::vector<PublisherStatus> status() const;

  void on_stream_available(const std::string& id) override;
  void on_stream_ended(const std::string& id) override;

 private:
  class Group;
  StreamRegistry& registry_;
  std::vector<std::unique_ptr<Group>> groups_;
  Timer tidying_;
};

}  // namespace voicecast
