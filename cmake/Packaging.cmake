# `cmake --install` and CPack: one folder that needs no Python, with the libraries of the wheels beside the program.
include(GNUInstallDirs)
set(_home "lib/trainyard") # one folder: the program finds its decoder and its models beside its own file
set(_beside "$ORIGIN")
if(APPLE)
  set(_beside "@loader_path")
endif()
set_target_properties(trainyard trainyard-decode PROPERTIES INSTALL_RPATH "${_beside}/lib")

install(TARGETS trainyard trainyard-decode RUNTIME_DEPENDENCY_SET trainyard_libraries RUNTIME DESTINATION "${_home}")
# What the wheels brought, and nothing of the system's: that is what a package depends on.
string(REGEX REPLACE "([][.+*?()^$|\\])" "\\\\\\1" _wheels "${TRAINYARD_VENV}")
install(RUNTIME_DEPENDENCY_SET trainyard_libraries
  POST_INCLUDE_REGEXES "^${_wheels}/" POST_EXCLUDE_REGEXES ".*"
  LIBRARY DESTINATION "${_home}/lib")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/build/models/" DESTINATION "${_home}/models" OPTIONAL
  FILES_MATCHING PATTERN "*.safetensors" PATTERN "*.json")
file(GLOB _licences "${TRAINYARD_VENV}/lib/python3*/site-packages/torch-*.dist-info/licenses"
  "${TRAINYARD_VENV}/lib/python3*/site-packages/pyarrow-*.dist-info/licenses")
foreach(_each IN LISTS _licences)
  string(REGEX REPLACE ".*/site-packages/([a-z]+)-.*" "\\1" _name "${_each}")
  install(DIRECTORY "${_each}/" DESTINATION "${CMAKE_INSTALL_DOCDIR}/licences/${_name}")
endforeach()
install(FILES LICENSE README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY ops/nats ops/grafana ops/prometheus DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")

# The name in PATH, and what the program itself writes: a manual page and completions that cannot be of another version.
install(CODE "
  set(root \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
  file(MAKE_DIRECTORY \"\${root}/bin\" \"\${root}/${CMAKE_INSTALL_MANDIR}/man1\"
    \"\${root}/share/bash-completion/completions\" \"\${root}/share/zsh/site-functions\" \"\${root}/share/fish/vendor_completions.d\")
  file(CREATE_LINK \"../${_home}/trainyard\" \"\${root}/bin/trainyard\" SYMBOLIC)
  foreach(each IN ITEMS \"man:${CMAKE_INSTALL_MANDIR}/man1/trainyard.1\"
      \"completion bash:share/bash-completion/completions/trainyard\" \"completion zsh:share/zsh/site-functions/_trainyard\"
      \"completion fish:share/fish/vendor_completions.d/trainyard.fish\")
    string(REPLACE \":\" \";\" pair \"\${each}\")
    list(GET pair 0 words)
    list(GET pair 1 place)
    separate_arguments(words)
    execute_process(COMMAND \"$<TARGET_FILE:trainyard>\" \${words} OUTPUT_FILE \"\${root}/\${place}\" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()")

set(CPACK_PACKAGE_NAME trainyard)
set(CPACK_PACKAGE_VENDOR "the trainyard developers")
set(CPACK_PACKAGE_CONTACT "the trainyard developers <trainyard@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Embeds directories of images on a fleet of devices, over NATS")
set(CPACK_PACKAGING_INSTALL_PREFIX "/usr")
set(CPACK_STRIP_FILES FALSE) # what is stripped already stays as its wheel has it
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${TORCH_WHEEL_DIR}/lib" "${ARROW_WHEEL_DIR}")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS nats-server)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
include(CPack)
