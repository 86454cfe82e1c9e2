# Finds the three parts of OpenCV that read and resize images; defines OpenCVImages::all.
# Debian's full libopencv-dev (which has the CMake package) drags in a gigabyte that is not used here.
find_path(OPENCV_IMAGES_INCLUDE_DIR opencv2/imgcodecs.hpp PATH_SUFFIXES opencv4)
foreach(_part core imgproc imgcodecs)
  find_library(OPENCV_${_part}_LIBRARY opencv_${_part})
  list(APPEND _opencv_libraries "${OPENCV_${_part}_LIBRARY}")
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenCVImages REQUIRED_VARS OPENCV_IMAGES_INCLUDE_DIR OPENCV_core_LIBRARY
  OPENCV_imgproc_LIBRARY OPENCV_imgcodecs_LIBRARY)
if(OpenCVImages_FOUND AND NOT TARGET OpenCVImages::all)
  add_library(OpenCVImages::all INTERFACE IMPORTED)
  set_target_properties(OpenCVImages::all PROPERTIES INTERFACE_LINK_LIBRARIES "${_opencv_libraries}"
    INTERFACE_INCLUDE_DIRECTORIES "${OPENCV_IMAGES_INCLUDE_DIR}")
endif()
