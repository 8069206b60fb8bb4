#include "judge/libc_names.h"

#include <stddef.h>
#include <string.h>

/* Each list: names separated by spaces, with one before and after. */
static const char frees[] =
	" free cfree munmap reallocarray_free operator_delete "
	"operator_delete[] __libc_free free_sized free_aligned_sized ";
static const char allocates[] =
	" malloc calloc valloc pvalloc memalign aligned_alloc posix_memalign "
	"strdup strndup asprintf vasprintf operator_new operator_new[] mmap "
	"mmap64 fopen fdopen open_memstream opendir getline getdelim ";
static const char reallocates[] = " realloc reallocarray ";
static const char not_reentrant[] =
	" localtime gmtime asctime ctime strtok strerror strsignal rand srand "
	"random srandom initstate setstate drand48 lrand48 mrand48 srand48 "
	"seed48 lcong48 getenv setenv putenv unsetenv clearenv setlocale "
	"localeconv inet_ntoa gethostbyname gethostbyname2 gethostbyaddr "
	"gethostent getservbyname getservbyport getservent getprotobyname "
	"getprotobynumber getprotoent getnetbyname getnetbyaddr getpwnam "
	"getpwuid getpwent setpwent endpwent fgetpwent getgrnam getgrgid "
	"getgrent setgrent endgrent fgetgrent getspnam getspent readdir "
	"readdir64 getlogin ttyname ctermid tmpnam crypt encrypt setkey "
	"ecvt fcvt gcvt qecvt qfcvt l64a hcreate hsearch hdestroy getopt "
	"getopt_long getopt_long_only basename dirname ptsname getmntent "
	"mblen mbtowc wctomb mbrlen mbrtowc wcrtomb mbsrtowcs wcsrtombs "
	"ether_ntoa ether_aton getutent getutid getutline dlerror lgamma "
	"lgammaf lgammal gamma __secure_getenv secure_getenv tzset ";
static const char locks[] =
	" pthread_mutex_lock pthread_mutex_trylock pthread_mutex_timedlock "
	"pthread_mutex_clocklock pthread_spin_lock pthread_spin_trylock "
	"pthread_rwlock_rdlock pthread_rwlock_wrlock pthread_rwlock_tryrdlock "
	"pthread_rwlock_trywrlock pthread_rwlock_timedrdlock "
	"pthread_rwlock_timedwrlock mtx_lock mtx_trylock mtx_timedlock "
	"sem_wait sem_trywait sem_timedwait flockfile ";
static const char unlocks[] =
	" pthread_mutex_unlock pthread_spin_unlock pthread_rwlock_unlock "
	"mtx_unlock sem_post funlockfile ";
static const char waits[] =
	" pthread_cond_wait pthread_cond_timedwait pthread_cond_clockwait "
	"cnd_wait cnd_timedwait sem_wait sem_timedwait sem_clockwait "
	"pthread_barrier_wait ";
static const char joins[] =
	" pthread_join pthread_tryjoin_np pthread_timedjoin_np "
	"pthread_clockjoin_np thrd_join ";
static const char sleeps[] =
	" sleep usleep nanosleep clock_nanosleep thrd_sleep sched_yield "
	"poll select ";
static const char uses_fd[] =
	" read write close close_range closefrom dup dup2 dup3 pread pwrite "
	"pread64 pwrite64 readv writev preadv pwritev preadv64 pwritev64 send "
	"recv sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg accept accept4 "
	"connect bind listen shutdown fstat fstat64 __fxstat __fxstat64 fsync "
	"fdatasync ftruncate lseek lseek64 ioctl fcntl fcntl64 poll ppoll "
	"epoll_ctl epoll_wait epoll_pwait epoll_create epoll_create1 socket "
	"socketpair pipe pipe2 open open64 openat openat64 creat creat64 "
	"eventfd timerfd_create timerfd_settime signalfd inotify_init "
	"inotify_init1 fdopen fchmod fchown sendfile splice __close "
	"__res_iclose getsockopt setsockopt getsockname getpeername ";
static const char others[] =
	" memcpy memmove memset memcmp bcmp bzero memchr memrchr memmem "
	"mempcpy __tsan_memcpy __tsan_memset __tsan_memmove strlen strnlen "
	"strcmp strncmp strcasecmp strncasecmp strcpy strncpy stpcpy stpncpy "
	"strcat strncat strchr strchrnul strrchr strstr strcasestr strspn "
	"strcspn strpbrk strtol strtoul strtoll strtoull strtod strtoimax "
	"strtoumax atoi atol atoll wcslen wcsnlen wcscpy wcscat wmemcpy "
	"printf fprintf sprintf snprintf vprintf vfprintf vsprintf vsnprintf "
	"dprintf asprintf scanf fscanf sscanf vsscanf vfscanf vscanf puts "
	"fputs putchar fputc putc getc fgetc fgets fread fwrite fflush fclose "
	"freopen fseek ftell rewind setvbuf perror tmpfile tmpfile64 popen "
	"pclose localtime_r gmtime_r asctime_r ctime_r mktime strftime "
	"strptime time gettimeofday clock_gettime clock_getres clock_settime "
	"strerror_r rand_r strtok_r getpwnam_r getpwuid_r getgrnam_r "
	"getgrgid_r readdir_r getaddrinfo freeaddrinfo getnameinfo inet_ntop "
	"inet_pton inet_aton gethostbyname_r frexp modf remquo qsort qsort_r "
	"bsearch tsearch exit _exit _Exit abort raise kill pause sigaction "
	"signal sigsuspend sigwait sigwaitinfo sigtimedwait sigblock "
	"sigsetmask sigprocmask setjmp _setjmp sigsetjmp __sigsetjmp longjmp "
	"siglongjmp atexit on_exit __cxa_atexit at_quick_exit fork vfork "
	"clone waitpid wait wait3 wait4 waitid execve dlopen dlclose dlsym "
	"dl_iterate_phdr stat lstat fstatat __xstat unlink rmdir rename mkdir "
	"getcwd realpath canonicalize_file_name scandir closedir opendir "
	"getrandom getentropy random_r uname sysinfo getrlimit setrlimit "
	"prctl call_once cnd_signal cnd_broadcast mtx_init mtx_destroy "
	"thrd_create malloc_usable_size __tls_get_addr __cxa_guard_acquire "
	"__cxa_guard_release __cxa_guard_abort getloadavg getifaddrs "
	"if_indextoname if_nametoindex sincos lgamma_r syscall madvise "
	"mlock munlock mlockall munlockall mprotect msync fgetxattr getxattr "
	"listxattr getgroups getresuid getresgid ptrace times ctermid "
	"process_vm_readv sem_init sem_destroy sem_post sem_getvalue sem_open "
	"sem_close __overflow __uflow __underflow ";

static const char fills[] =
	" memcpy memmove memset mempcpy bzero strcpy strncpy stpcpy stpncpy "
	"strcat strncat sprintf snprintf vsprintf vsnprintf fread fgets read "
	"pread recv recvfrom wmemcpy wcscpy wcscat ";
static const char reads_bytes[] =
	" memcmp bcmp memchr memrchr memmem strlen strnlen strcmp strncmp "
	"strcasecmp strncasecmp strchr strchrnul strrchr strstr strcasestr "
	"strspn strcspn strpbrk strdup strndup strtol strtoul strtoll strtoull "
	"strtod atoi atol atoll wcslen printf fprintf vprintf vfprintf puts "
	"fputs fwrite write pwrite send sendto ";

static bool is_in(const char *list, const char *name)
{
	size_t len = name ? strlen(name) : 0;

	if (!len || strchr(name, ' '))
		return false;
	for (const char *at = list; (at = strstr(at, name)); at++)
		if (at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

bool libc_frees(const char *name)
{
	return is_in(frees, name) ||
	       (name && !strncmp(name, "operator delete", 15));
}

bool libc_allocates(const char *name)
{
	return is_in(allocates, name) ||
	       (name && !strncmp(name, "operator new", 12));
}

bool libc_reallocates(const char *name)
{
	return is_in(reallocates, name);
}

bool libc_is_not_reentrant(const char *name)
{
	return is_in(not_reentrant, name);
}

bool libc_locks(const char *name)
{
	return is_in(locks, name);
}

bool libc_unlocks(const char *name)
{
	return is_in(unlocks, name);
}

bool libc_waits(const char *name)
{
	return is_in(waits, name);
}

bool libc_joins(const char *name)
{
	return is_in(joins, name);
}

bool libc_sleeps(const char *name)
{
	return is_in(sleeps, name);
}

bool libc_uses_fd(const char *name)
{
	return is_in(uses_fd, name);
}

bool libc_fills(const char *name)
{
	return is_in(fills, name);
}

bool libc_reads_bytes(const char *name)
{
	return is_in(reads_bytes, name);
}

bool libc_has(const char *name)
{
	return name &&
	       (!strncmp(name, "pthread_", 8) ||
		!strncmp(name, "__pthread_", 10) || libc_frees(name) ||
		libc_allocates(name) || libc_reallocates(name) ||
		libc_is_not_reentrant(name) || libc_locks(name) ||
		libc_unlocks(name) || libc_waits(name) || libc_joins(name) ||
		libc_sleeps(name) || libc_uses_fd(name) || is_in(others, name));
}
