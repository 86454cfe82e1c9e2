# Finds Arrow and Parquet C++ inside the project's pyarrow wheel; defines ArrowWheel::parquet.
# The wheel carries versioned libraries only (libarrow.so.2600), so they are linked by file name.
file(GLOB _pyarrow_dirs "${TRAINYARD_VENV}/lib/python3*/site-packages/pyarrow")
list(GET _pyarrow_dirs 0 ARROW_WHEEL_DIR)
file(GLOB _arrow_libs "${ARROW_WHEEL_DIR}/libarrow.so.*" "${ARROW_WHEEL_DIR}/libarrow.[0-9]*.dylib")
file(GLOB _parquet_libs "${ARROW_WHEEL_DIR}/libparquet.so.*" "${ARROW_WHEEL_DIR}/libparquet.[0-9]*.dylib")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ArrowWheel REQUIRED_VARS ARROW_WHEEL_DIR _arrow_libs _parquet_libs)
if(ArrowWheel_FOUND AND NOT TARGET ArrowWheel::parquet)
  list(GET _arrow_libs 0 _arrow_lib)
  list(GET _parquet_libs 0 _parquet_lib)
  add_library(ArrowWheel::arrow UNKNOWN IMPORTED)
  set_target_properties(ArrowWheel::arrow PROPERTIES IMPORTED_LOCATION "${_arrow_lib}"
    INTERFACE_INCLUDE_DIRECTORIES "${ARROW_WHEEL_DIR}/include")
  add_library(ArrowWheel::bare_parquet UNKNOWN IMPORTED)
  set_target_properties(ArrowWheel::bare_parquet PROPERTIES IMPORTED_LOCATION "${_parquet_lib}"
    INTERFACE_LINK_LIBRARIES ArrowWheel::arrow)
  # The wheel's libparquet carries an OpenSSL of its own and shows its symbols to everybody. Whoever loads it before
  # the system's gets halves of both, and nats.c crashes in its first TLS handshake.
  set(_system_openssl)
  if(NOT APPLE)
    string(JOIN "," _system_openssl "-Wl,--push-state,--no-as-needed" "${OPENSSL_SSL_LIBRARY}"
      "${OPENSSL_CRYPTO_LIBRARY}" "--pop-state")
  endif()
  add_library(ArrowWheel::parquet INTERFACE IMPORTED)
  set_target_properties(ArrowWheel::parquet PROPERTIES
    INTERFACE_LINK_LIBRARIES "${_system_openssl};ArrowWheel::bare_parquet")
endif()
