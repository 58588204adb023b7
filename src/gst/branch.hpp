// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.hpp"

typedef struct _GstElement GstElement;
typedef struct _GstPad GstPad;

namespace voicecast {

/// A bin that hangs on a source pad of a running tee: linked when this is made, taken away when it is dropped. Whatever
/// errors its flow brings stay in it, so that one branch can never stop the others. Main thread.
class Branch {
 public:
  /// Puts `bin`, which has a pad "sink", into the pipeline of `tee` and links it.
  static Result<Branch> attach(GPtr<GstElement> tee, GPtr<GstElement> bin);
  /// Puts it there without a link: it gets no packets.
  static Result<Branch> beside(GPtr<GstElement> tee, GPtr<GstElement> bin);
  Branch(Branch&&) = default;
  Branch& operator=(Branch&&) = delete;
  /// Unlinks, if there is a link, at the tee's next idle moment; then the bin is stopped and freed in the background.
  ~Branch();

  GstElement* bin() const { return bin_.get(); }

 private:
  Branch(GPtr<GstElement> tee, GPtr<GstPad> tee_pad, GPtr<GstElement> bin);
  GPtr<GstElement> tee_;
  GPtr<GstPad> tee_pad_;
  GPtr<GstElement> bin_;
};

}  // namespace voicecast
