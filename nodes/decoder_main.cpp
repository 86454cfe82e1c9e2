// The sandboxed decoder: no torch, no actors, no network.
#include "actors/device/isolation/child/product_decoding.hpp"

int main() {
  return trainyard::run_decoder(trainyard::product_decoding());
}
