# Finds LibTorch inside the project's torch wheel; defines `torch`. Not the wheel's own TorchConfig: on an NVIDIA machine
# that wants the CUDA toolkit (nvcc, headers), which nothing here compiles with and few machines have.
file(GLOB _torch_dirs "${TRAINYARD_VENV}/lib/python3*/site-packages/torch")
list(GET _torch_dirs 0 TORCH_WHEEL_DIR)
find_library(TORCH_WHEEL_TORCH torch PATHS "${TORCH_WHEEL_DIR}/lib" NO_DEFAULT_PATH)
find_library(TORCH_WHEEL_CPU torch_cpu PATHS "${TORCH_WHEEL_DIR}/lib" NO_DEFAULT_PATH)
find_library(TORCH_WHEEL_C10 c10 PATHS "${TORCH_WHEEL_DIR}/lib" NO_DEFAULT_PATH)
find_library(TORCH_WHEEL_CUDA torch_cuda PATHS "${TORCH_WHEEL_DIR}/lib" NO_DEFAULT_PATH)
find_library(TORCH_WHEEL_XPU torch_xpu PATHS "${TORCH_WHEEL_DIR}/lib" NO_DEFAULT_PATH)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(TorchWheel REQUIRED_VARS TORCH_WHEEL_TORCH TORCH_WHEEL_CPU TORCH_WHEEL_C10)
if(TorchWheel_FOUND AND NOT TARGET torch)
  add_library(torch INTERFACE IMPORTED)
  target_include_directories(torch SYSTEM INTERFACE "${TORCH_WHEEL_DIR}/include"
    "${TORCH_WHEEL_DIR}/include/torch/csrc/api/include")
  # A device's library registers itself when it is loaded and is called by no name: the linker must not drop it.
  set(_devices)
  foreach(_each IN ITEMS "${TORCH_WHEEL_CUDA}" "${TORCH_WHEEL_XPU}")
    if(_each)
      list(APPEND _devices "${_each}")
    endif()
  endforeach()
  if(APPLE)
    target_link_libraries(torch INTERFACE "${TORCH_WHEEL_TORCH}" "${TORCH_WHEEL_CPU}" "${TORCH_WHEEL_C10}")
  else()
    target_link_libraries(torch INTERFACE -Wl,--no-as-needed "${TORCH_WHEEL_TORCH}" "${TORCH_WHEEL_CPU}" ${_devices}
      -Wl,--as-needed "${TORCH_WHEEL_C10}")
  endif()
endif()
