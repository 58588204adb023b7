// SPDX-License-Identifier: MIT
#include "radio/poller.hpp"

#include <glib-unix.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>

namespace voicecast {

Poller::Poller() : epoll_(epoll_create1(EPOLL_CLOEXEC)), source_(g_unix_fd_source_new(epoll_, G_IO_IN)) {
  auto callback = [](gint, GIOCondition, gpointer self) noexcept -> gboolean {
    static_cast<Poller*>(self)->dispatch();
    return G_SOURCE_CONTINUE;
  };
  g_source_set_callback(source_.get(), G_SOURCE_FUNC(+callback), this, nullptr);
  g_source_attach(source_.get(), nullptr);
}

Poller::~Poller() {
  source_.reset();
  close(epoll_);
}

void Poller::add(int fd, PollEvents& events) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLET;
  event.data.ptr = &events;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void Poller::remove(int fd) { epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); }

void Poller::dispatch() {
  std::array<epoll_event, 256> ready;  // further events come in the loop's next iteration
  const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 0);
  for (int i = 0; i < count; ++i) {
    const auto& event = ready[static_cast<std::size_t>(i)];
    auto* events = static_cast<PollEvents*>(event.data.ptr);
    if (event.events & EPOLLOUT) events->on_writable();
    if (event.events & (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP)) events->on_readable();
  }
}

}  // namespace voicecast
