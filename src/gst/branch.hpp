// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.hpp"

typedef struct _GstElement GstElement;
typedef struct _GstObject GstObject;
typedef struct _GstPad GstPad;

namespace voicecast {

/// A bin linked to a source pad of a running tee: linked on construction, removed on destruction. Flow errors of the
/// bin do not reach the tee, so a branch cannot stop the others. Main thread.
class Branch {
 public:
  /// Adds `bin`, which has a pad "sink", to the pipeline of `tee` and links it. An Error if it cannot be started or
  /// linked.
  static Result<Branch> attach(GPtr<GstElement> tee, GPtr<GstElement> bin);
  /// Adds `bin` without a link: it gets no packets from the tee.
  static Result<Branch> beside(GPtr<GstElement> tee, GPtr<GstElement> bin);
  Branch(Branch&&) = default;
  Branch& operator=(Branch&&) = delete;
  /// Unlinks the bin at the tee's next idle moment, if it is linked; then stops and frees it in the background.
  ~Branch();

  GstElement* bin() const { return bin_.get(); }

 private:
  Branch(GPtr<GstElement> tee, GPtr<GstPad> tee_pad, GPtr<GstElement> bin);
  GPtr<GstElement> tee_;
  GPtr<GstPad> tee_pad_;
  GPtr<GstElement> bin_;
};

/// Whether this is the bin of a Branch. Any thread.
bool is_branch(GstObject* object);

}  // namespace voicecast
