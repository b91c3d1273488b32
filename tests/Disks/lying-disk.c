// A disk that lies, as a library to preload. For files under $LYING_DISK_FOLDER it keeps in $LYING_DISK_SYNCED what an fsync has
// made durable: one file per inode. After the process is killed, putting those contents back is what a power cut would have left.
// The file $LYING_DISK_CONTROL, when it holds "eio" or "enospc", makes fsyncs or writes fail, and with "lie"
// fsyncs do nothing.
//
// Not covered: writes through shared memory maps, and names (a created, renamed or removed name counts as durable at once).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS 65536
#define REAL(name) ((__typeof__(&name))real(#name))

// the bytes of a file that were written since its last fsync
struct dirty { ino_t inode; off_t from, to; struct dirty *next; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ino_t inode_of[FDS];
static struct dirty *buckets[4096];
static const char *folder, *synced, *control;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void start(void) {
    folder = getenv("LYING_DISK_FOLDER");
    synced = getenv("LYING_DISK_SYNCED");
    control = getenv("LYING_DISK_CONTROL");
}

static int fails(const char *how) {
    char text[16] = {0};
    int fd = control ? REAL(open)(control, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return 0;
    if (REAL(read)(fd, text, sizeof text - 1) < 0) text[0] = 0;
    REAL(close)(fd);
    return strncmp(text, how, strlen(how)) == 0;
}

static int is_ours(const char *path) {
    char full[PATH_MAX];
    if (!folder || !synced || !path) return 0;
    if (path[0] != '/') {
        if (!getcwd(full, sizeof full / 2)) return 0;
        strncat(full, "/", 2);
        strncat(full, path, sizeof full / 2 - 1);
        path = full;
    }
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 && path[n] == '/';
}

static int open_synced(ino_t inode, int flags) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%lu", synced, (unsigned long)inode);
    return REAL(open)(path, flags | O_CLOEXEC, 0600);
}

static void copy(int from, int to, off_t at, off_t end) {
    char bytes[65536];
    while (at < end) {
        size_t wanted = end - at < (off_t)sizeof bytes ? (size_t)(end - at) : sizeof bytes;
        ssize_t n = REAL(pread)(from, bytes, wanted, at);
        if (n <= 0 || REAL(pwrite)(to, bytes, n, at) != n) return;
        at += n;
    }
}

static struct dirty *find(ino_t inode) {
    struct dirty **bucket = &buckets[inode % 4096];
    for (struct dirty *d = *bucket; d; d = d->next)
        if (d->inode == inode) return d;
    struct dirty *d = calloc(1, sizeof *d);
    d->inode = inode;
    d->next = *bucket;
    return *bucket = d;
}

// What a file holds when it is first opened is durable; a new one starts empty, whatever its inode held before.
static void before_open(const char *path) {
    struct stat s;
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode)) return;
    int to = open_synced(s.st_ino, O_WRONLY | O_CREAT | O_EXCL);
    if (to < 0) return;
    int from = REAL(open)(path, O_RDONLY | O_CLOEXEC);
    if (from >= 0) { copy(from, to, 0, s.st_size); REAL(close)(from); }
    REAL(close)(to);
}

static void after_open(int fd, int is_new) {
    struct stat s;
    if (fd < 0 || fd >= FDS || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) return;
    inode_of[fd] = s.st_ino;
    if (!is_new) return;
    struct dirty *d = find(s.st_ino);
    d->from = d->to = 0;
    int to = open_synced(s.st_ino, O_WRONLY | O_CREAT | O_TRUNC);
    if (to >= 0) REAL(close)(to);
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    if (!is_ours(path)) return REAL(openat)(at, path, flags, mode);
    pthread_mutex_lock(&lock);
    int is_new = access(path, F_OK) != 0;
    if (!is_new) before_open(path);
    int fd = REAL(openat)(at, path, flags, mode), error = errno;
    after_open(fd, is_new);
    pthread_mutex_unlock(&lock);
    errno = error;
    return fd;
}

#define MODE va_list list; va_start(list, flags); mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; va_end(list)
int open(const char *path, int flags, ...) { MODE; return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE; return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE; return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE; return opened(at, path, flags, mode); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static int is_tracked(int fd) { return fd >= 0 && fd < FDS && inode_of[fd] != 0; }

int close(int fd) {
    if (is_tracked(fd)) inode_of[fd] = 0;
    return REAL(close)(fd);
}

static void wrote(int fd, off_t from, off_t to) {
    pthread_mutex_lock(&lock);
    struct dirty *d = find(inode_of[fd]);
    if (d->from == d->to) { d->from = from; d->to = to; }
    if (from < d->from) d->from = from;
    if (to > d->to) d->to = to;
    pthread_mutex_unlock(&lock);
}

#define FULL(fd) if (is_tracked(fd) && fails("enospc")) { errno = ENOSPC; return -1; }
#define HERE(fd, call) FULL(fd) ssize_t n = call; \
    if (n > 0 && is_tracked(fd)) { int e = errno; off_t end = lseek(fd, 0, SEEK_CUR); wrote(fd, end - n, end); errno = e; } return n
#define THERE(fd, at, call) FULL(fd) ssize_t n = call; if (n > 0 && is_tracked(fd)) wrote(fd, at, at + n); return n

ssize_t write(int fd, const void *b, size_t c) { HERE(fd, REAL(write)(fd, b, c)); }
ssize_t writev(int fd, const struct iovec *v, int c) { HERE(fd, REAL(writev)(fd, v, c)); }
ssize_t pwrite(int fd, const void *b, size_t c, off_t at) { THERE(fd, at, REAL(pwrite)(fd, b, c, at)); }
ssize_t pwrite64(int fd, const void *b, size_t c, off_t at) { THERE(fd, at, REAL(pwrite)(fd, b, c, at)); }
ssize_t pwritev(int fd, const struct iovec *v, int c, off_t at) { THERE(fd, at, REAL(pwritev)(fd, v, c, at)); }
ssize_t pwritev64(int fd, const struct iovec *v, int c, off_t at) { THERE(fd, at, REAL(pwritev)(fd, v, c, at)); }
int fallocate(int fd, int mode, off_t at, off_t n) { FULL(fd) return REAL(fallocate)(fd, mode, at, n); }
int fallocate64(int fd, int mode, off_t at, off_t n) { FULL(fd) return REAL(fallocate)(fd, mode, at, n); }
int posix_fallocate(int fd, off_t at, off_t n) {
    if (is_tracked(fd) && fails("enospc")) return ENOSPC;
    return REAL(posix_fallocate)(fd, at, n);
}

static int sync_now(int fd, int (*sync)(int)) {
    if (!is_tracked(fd)) return sync(fd);
    if (fails("eio")) { errno = EIO; return -1; }
    if (fails("lie")) return 0;
    struct stat s;
    pthread_mutex_lock(&lock);
    struct dirty *d = find(inode_of[fd]);
    int from = -1, to = open_synced(d->inode, O_WRONLY | O_CREAT);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd); // the descriptor itself may be for writing only
    if (to >= 0 && fstat(fd, &s) == 0 && (from = REAL(open)(path, O_RDONLY | O_CLOEXEC)) >= 0) {
        copy(from, to, d->from, d->to < s.st_size ? d->to : s.st_size);
        if (ftruncate(to, s.st_size) == 0) d->from = d->to = 0;
    }
    if (from >= 0) REAL(close)(from);
    if (to >= 0) REAL(close)(to);
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd) { return sync_now(fd, REAL(fsync)); }
int fdatasync(int fd) { return sync_now(fd, REAL(fdatasync)); }
