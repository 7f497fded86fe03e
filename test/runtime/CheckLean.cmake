# Checks what the runtime's archive needs from outside, and that PROGRAM runs and holds
# no pool. Arguments: NM, ARCHIVE, PROGRAM.

function(symbols_of file flag out)
  execute_process(COMMAND ${NM} ${flag} ${file} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL " [A-Zw] [^\n]+" lines "${text}")
  list(TRANSFORM lines REPLACE "^ [A-Zw] " "")
  set(${out} ${lines} PARENT_SCOPE)
endfunction()

set(allowed
  # libc
  bcmp clock_gettime close __errno_location free freelocale fstat fsync getpid _GLOBAL_OFFSET_TABLE_ madvise memchr
  memcmp memcpy memmove memset mkdir mmap mprotect munmap newlocale open posix_memalign pread rename rmdir __sched_cpucount
  sched_getaffinity snprintf __stack_chk_fail stat strchr strcmp strerror strlen strncmp strncpy strrchr strtod strtof
  syscall sysconf unlink uselocale vsnprintf write
  # libm
  cos sin sqrt sqrtf
  # pthreads
  pthread_create pthread_join pthread_mutex_lock pthread_mutex_unlock
  pthread_cond_broadcast pthread_cond_clockwait pthread_cond_wait)
symbols_of(${ARCHIVE} --undefined-only needed)
symbols_of(${ARCHIVE} --defined-only defined)
list(REMOVE_ITEM needed ${allowed} ${defined})
list(FILTER needed EXCLUDE REGEX "^__(llvm_prof|start___|stop___)") # of coverage builds
if(needed)
  message(FATAL_ERROR "the runtime needs symbols that are not allowed: ${needed}")
endif()

execute_process(COMMAND ${PROGRAM} COMMAND_ERROR_IS_FATAL ANY)
symbols_of(${PROGRAM} --defined-only linked)
list(FILTER linked INCLUDE REGEX "rt4Pool[0-9]|pthread_create|tfc_operation")
if(linked)
  message(FATAL_ERROR "a program without loops links: ${linked}")
endif()
