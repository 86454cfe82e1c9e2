# How a room becomes a target: warnings are errors, headers are found from the top folder, sanitizers via presets.
function(trainyard_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${ROOM_LINK} PRIVATE ${ROOM_PRIVATE_LINK} trainyard_warnings)
endfunction()

# trainyard_test(name LABEL unit SOURCES ... LINK ...): one GoogleTest binary, each test known to ctest by its sentence.
function(trainyard_test name)
  cmake_parse_arguments(TEST "" "LABEL;TIMEOUT" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LINK} trainyard_test_support GTest::gmock GTest::gtest_main trainyard_warnings)
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    PROPERTIES LABELS ${TEST_LABEL} TIMEOUT ${TEST_TIMEOUT}
    ENVIRONMENT ASAN_OPTIONS=allocator_may_return_null=1) # a heap that is full answers, as without a sanitizer
  add_dependencies(trainyard_tests ${name})
endfunction()

add_library(trainyard_warnings INTERFACE)
target_compile_options(trainyard_warnings INTERFACE -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
