// The one binary.
#include "nodes/program.hpp"

int main(int count, char** values) {
  return trainyard::run_program(count, values);
}
