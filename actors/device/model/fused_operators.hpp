// oneDNN's private operators, found by name: all three that a layer needs, or none.
#pragma once

#include <optional>

#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>

namespace trainyard {

/// A product with something after it, the same with an addition, and the weights' own layout for both.
template <class Run, class Add, class Pack>
struct fused_operators {
  c10::TypedOperatorHandle<Run> run;
  c10::TypedOperatorHandle<Add> add;
  c10::TypedOperatorHandle<Pack> pack;

  /// Nothing where this LibTorch or this processor does not have them, or with other arguments: they are
  /// private, and may change with every release.
  [[nodiscard]] static std::optional<fused_operators>
  find(const c10::OperatorName& run, const c10::OperatorName& add, const c10::OperatorName& pack) {
    if (!at::globalContext().hasMKLDNN() || !at::globalContext().userEnabledMkldnn())
      return std::nullopt;
    auto& known = c10::Dispatcher::singleton();
    const auto found_run = known.findSchema(run), found_add = known.findSchema(add),
               found_pack = known.findSchema(pack);
    if (!found_run || !found_add || !found_pack)
      return std::nullopt;
    try { // typed() throws where the arguments differ
      return fused_operators{found_run->typed<Run>(), found_add->typed<Add>(), found_pack->typed<Pack>()};
    } catch (const c10::Error&) {
      return std::nullopt;
    }
  }
};

} // namespace trainyard
