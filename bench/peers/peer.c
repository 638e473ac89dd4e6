/* A peer of the streaming contract on plain libzmq, to be measured beside Freshet or to measure it with. All of it is on 127.0.0.1.
 *
 *   peer pub PORT SIZE                               publishes as fast as libzmq takes it, from the first subscriber on; 0 is any free port
 *   peer sub PORT [--start PORT] [--answer PORT]     receives, checks every header and their order; says `start`; answers on a port of its own
 *   peer drain PORT [--start PORT]                   speaks as much ZMTP as it takes to subscribe, then discards bytes in the kernel, at almost
 *                                                    no cost: what it takes is what the publisher can give
 *   peer tick RATE SECONDS                           spins for each of RATE moments a second and does nothing else: how late the machine itself is
 *
 * Each works until its standard input ends, so none outlives whoever started it. The receivers say every 50 ms, on CLOCK_MONOTONIC, what they
 * have so far: `at=<seconds> messages=<n> bytes=<n>`; bytes are payload for sub, and all that came over TCP for drain, which knows of no messages.
 * tick says nothing before its end, and works for its time if its input does not end before.
 * The last line begins with `end`. Exit: 0; 1 if a message was malformed or out of order; 2 if nothing could be measured.
 *
 * Build: cc -O2 -pthread -o peer peer.c -lzmq */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define TOPIC "request"
#define TOPIC_BYTES 7
#define MAX_HEADER 128
#define QUEUE_BUDGET (64u << 20) /* what may wait for the subscriber, in bytes of payload */
#define MAX_QUEUE 1000
#define TELL_SECONDS 0.05
#define WAIT_MS 50
#define PATIENCE_SECONDS 30

/* Up to this size a copy into the message is cheaper than libzmq's bookkeeping of a buffer that belongs to somebody else. */
#define COPIED_UP_TO 8192

static atomic_int stopping;

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t epoch_micros(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static void die(const char *format, ...) {
    va_list values;
    va_start(values, format);
    fputs("peer: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(2);
}

static void must(int ok, const char *what) {
    if (!ok) die("%s: %s", what, zmq_strerror(errno));
}

static void *watch_standard_input(void *unused) {
    char sink[256];
    while (read(STDIN_FILENO, sink, sizeof sink) > 0) continue;
    stopping = 1;
    return unused;
}

static void end_with_standard_input(void) {
    pthread_t watcher;
    must(pthread_create(&watcher, NULL, watch_standard_input, NULL) == 0, "thread");
    pthread_detach(watcher);
}

static void tell_if_due(double now, double *next, uint64_t messages, uint64_t bytes) {
    if (now < *next) return;
    *next = now + TELL_SECONDS;
    printf("at=%.6f messages=%llu bytes=%llu\n", now, (unsigned long long)messages, (unsigned long long)bytes);
    fflush(stdout);
}

/* ---- the header: request|seq_n=<n>|msg_id=<n>|t1=<20 digits>|data= ---- */

static char *put_text(char *to, const char *text, size_t length) {
    memcpy(to, text, length);
    return to + length;
}

static char *put_number(char *to, uint64_t number, int least_digits) {
    char digits[24];
    int n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || n < least_digits);
    while (n > 0) *to++ = digits[--n];
    return to;
}

static size_t put_header(char *to, uint64_t seq, uint64_t t1) {
    char *at = put_text(to, "request|seq_n=", 14);
    at = put_number(at, seq, 1);
    at = put_text(at, "|msg_id=", 8);
    at = put_number(at, seq, 1);
    at = put_text(at, "|t1=", 4);
    at = put_number(at, t1, 20);
    return (size_t)(put_text(at, "|data=", 6) - to);
}

struct header {
    uint64_t seq;
    const char *id;
    size_t id_length, length;
};

static const char *past_digits(const char *at, const char *end, uint64_t *number) {
    for (*number = 0; at < end && *at >= '0' && *at <= '9'; at++) *number = *number * 10 + (uint64_t)(*at - '0');
    return at;
}

/* Returns whether body begins with a header that is well formed. */
static int read_header(const char *body, size_t length, struct header *header) {
    const char *end = body + (length < 200 ? length : 200), *at = body + 14, *digits = at;
    uint64_t t1;
    if (length < 54 || memcmp(body, "request|seq_n=", 14) != 0) return 0;
    at = past_digits(at, end, &header->seq);
    if (at == digits || end - at < 8 || memcmp(at, "|msg_id=", 8) != 0) return 0;
    header->id = at += 8;
    while (at < end && *at != '|' && *at > ' ') at++;
    header->id_length = (size_t)(at - header->id);
    if (header->id_length == 0 || header->id_length > 64 || end - at < 30 || memcmp(at, "|t1=", 4) != 0) return 0;
    digits = at += 4;
    at = past_digits(at, end, &t1);
    if (at - digits != 20 || memcmp(at, "|data=", 6) != 0) return 0;
    header->length = (size_t)(at + 6 - body);
    return 1;
}

/* ---- pub ---- */

struct slot {
    char *body;
    atomic_int lent; /* to libzmq, which gives it back from its own thread */
};

static void give_back(void *body, void *slot) {
    (void)body;
    atomic_store_explicit(&((struct slot *)slot)->lent, 0, memory_order_release);
}

static int queue_for(size_t size) {
    size_t fitting = QUEUE_BUDGET / (size ? size : 1);
    return fitting < 4 ? 4 : fitting > MAX_QUEUE ? MAX_QUEUE : (int)fitting;
}

/* Makes the next message; returns 0 if that took until the end. */
static int make_message(zmq_msg_t *message, struct slot *slot, uint64_t seq, size_t size) {
    if (size <= COPIED_UP_TO) {
        char header[MAX_HEADER];
        size_t n = put_header(header, seq, epoch_micros());
        must(zmq_msg_init_size(message, n + size) == 0, "memory");
        memcpy(zmq_msg_data(message), header, n);
        memcpy((char *)zmq_msg_data(message) + n, slot->body, size);
        return 1;
    }
    while (atomic_load_explicit(&slot->lent, memory_order_acquire)) {
        if (stopping) return 0;
        usleep(10);
    }
    slot->lent = 1;
    size_t n = put_header(slot->body, seq, epoch_micros());
    must(zmq_msg_init_data(message, slot->body, n + size, give_back, slot) == 0, "memory");
    return 1;
}

static int publish(int port, size_t size) {
    int queue = queue_for(size), no_drop = 1, wait = WAIT_MS, patience = PATIENCE_SECONDS * 1000, linger = 2000;
    int slots = size <= COPIED_UP_TO ? 1 : queue + 4;
    char endpoint[64], bound[64], subscription[64];
    size_t bound_bytes = sizeof bound;
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_XPUB);
    struct slot *ring = calloc((size_t)slots, sizeof *ring);
    must(ring != NULL, "memory");
    for (int i = 0; i < slots; i++) {
        must((ring[i].body = malloc(size + MAX_HEADER)) != NULL, "memory");
        memset(ring[i].body, 'x', size + MAX_HEADER);
    }
    zmq_setsockopt(socket, ZMQ_SNDHWM, &queue, sizeof queue);
    zmq_setsockopt(socket, ZMQ_XPUB_NODROP, &no_drop, sizeof no_drop);
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &wait, sizeof wait);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    snprintf(endpoint, sizeof endpoint, port == 0 ? "tcp://127.0.0.1:*" : "tcp://127.0.0.1:%d", port);
    must(zmq_bind(socket, endpoint) == 0, endpoint);
    must(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &bound_bytes) == 0, "endpoint");
    printf("port=%s\n", strrchr(bound, ':') + 1);
    fflush(stdout);
    if (zmq_recv(socket, subscription, sizeof subscription, 0) < 0) die("nobody subscribed within %d s", PATIENCE_SECONDS);
    uint64_t seq = 0;
    zmq_msg_t body;
    while (!stopping && make_message(&body, &ring[seq % (uint64_t)slots], seq, size)) {
        int sent;
        while ((sent = zmq_send(socket, TOPIC, TOPIC_BYTES, ZMQ_SNDMORE)) < 0 && errno == EAGAIN && !stopping) continue;
        if (sent < 0 && errno == EAGAIN) break; /* the end; this one was not sent */
        must(sent == TOPIC_BYTES, "send");
        must(zmq_msg_send(&body, socket, 0) >= 0, "send");
        seq++;
    }
    zmq_close(socket);
    zmq_ctx_term(context);
    printf("end messages=%llu\n", (unsigned long long)seq);
    return 0;
}

/* ---- sub ---- */

static void say_start(void *context, int port) {
    char endpoint[64], answer[16];
    int patience = PATIENCE_SECONDS * 1000, none = 0;
    void *socket = zmq_socket(context, ZMQ_REQ);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
    must(zmq_connect(socket, endpoint) == 0, endpoint);
    must(zmq_send(socket, "start", 5, 0) == 5, "start");
    if (zmq_recv(socket, answer, sizeof answer, 0) != 5 || memcmp(answer, "start", 5) != 0) die("no `start` came back from port %d", port);
    zmq_close(socket);
}

static void *answering_socket(void *context, int port) {
    char endpoint[64];
    int queue = 100000, none = 0;
    void *socket = zmq_socket(context, ZMQ_PUB);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &queue, sizeof queue);
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
    must(zmq_bind(socket, endpoint) == 0, endpoint);
    return socket;
}

static void answer(void *socket, const struct header *header, uint64_t t2) {
    char json[320];
    int n = snprintf(json, sizeof json, "{\"type\":\"response\",\"msg_id\":\"%.*s\",\"seq_n\":%llu,\"t2\":%llu,\"t3\":%llu,\"status\":\"processed\"}",
                     (int)header->id_length, header->id, (unsigned long long)header->seq, (unsigned long long)t2,
                     (unsigned long long)epoch_micros());
    must(zmq_send(socket, "response", 8, ZMQ_SNDMORE) == 8, "answer");
    must(zmq_send(socket, json, (size_t)n, 0) == n, "answer");
}

struct received {
    uint64_t messages, bytes, malformed, missing, disordered, next_seq;
};

/* Takes one message; returns 0 if none came within the wait. */
static int receive(void *socket, void *answers, struct received *so_far) {
    zmq_msg_t topic, body;
    struct header header;
    zmq_msg_init(&topic);
    if (zmq_msg_recv(&topic, socket, 0) < 0) {
        must(errno == EAGAIN, "receive");
        return 0;
    }
    int well = zmq_msg_more(&topic) && zmq_msg_size(&topic) == TOPIC_BYTES && memcmp(zmq_msg_data(&topic), TOPIC, TOPIC_BYTES) == 0;
    zmq_msg_close(&topic);
    zmq_msg_init(&body);
    if (well) must(zmq_msg_recv(&body, socket, 0) >= 0, "receive");
    size_t length = zmq_msg_size(&body);
    if (!well || zmq_msg_more(&body) || !read_header(zmq_msg_data(&body), length, &header)) {
        so_far->malformed++;
    } else {
        if (header.seq < so_far->next_seq) so_far->disordered++;
        else if (so_far->messages > 0) so_far->missing += header.seq - so_far->next_seq;
        so_far->next_seq = header.seq + 1;
        so_far->messages++;
        so_far->bytes += length - header.length;
        if (answers != NULL) answer(answers, &header, epoch_micros());
    }
    zmq_msg_close(&body);
    return 1;
}

static int subscribe(int port, int start_port, int answer_port) {
    char endpoint[64];
    int queue = MAX_QUEUE, wait = WAIT_MS, none = 0;
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_SUB);
    void *answers = answer_port ? answering_socket(context, answer_port) : NULL;
    zmq_setsockopt(socket, ZMQ_RCVHWM, &queue, sizeof queue);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &wait, sizeof wait);
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, TOPIC, TOPIC_BYTES);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
    must(zmq_connect(socket, endpoint) == 0, endpoint);
    if (start_port) say_start(context, start_port);
    struct received so_far = {0};
    double next = 0;
    while (!stopping) {
        uint64_t before = so_far.bytes;
        /* the clock is looked at after every 64 messages, or after a large one */
        for (int i = 0; i < 64 && so_far.bytes - before < (1u << 18) && receive(socket, answers, &so_far); i++) continue;
        if (so_far.messages > 0) tell_if_due(seconds_now(), &next, so_far.messages, so_far.bytes);
    }
    printf("end messages=%llu bytes=%llu malformed=%llu missing=%llu disordered=%llu\n", (unsigned long long)so_far.messages,
           (unsigned long long)so_far.bytes, (unsigned long long)so_far.malformed, (unsigned long long)so_far.missing,
           (unsigned long long)so_far.disordered);
    fflush(stdout);
    zmq_close(socket);
    if (answers != NULL) zmq_close(answers);
    zmq_ctx_term(context);
    return so_far.malformed || so_far.disordered;
}

/* ---- drain ---- */

static void read_all(int fd, void *to, size_t length) {
    for (size_t have = 0; have < length;) {
        ssize_t n = read(fd, (char *)to + have, length - have);
        if (n <= 0) die("the publisher closed the connection during the handshake");
        have += (size_t)n;
    }
}

/* ZMTP 3.0 (RFC 23): greeting with the NULL mechanism, READY, then one subscription. */
static void shake_hands(int fd) {
    static const unsigned char ready[] = "\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB", subscription[] = "\0\x08\x01" TOPIC;
    unsigned char greeting[64] = {0xff, [8] = 1, [9] = 0x7f, [10] = 3, [12] = 'N', 'U', 'L', 'L'}, theirs[255], head[2];
    must(write(fd, greeting, sizeof greeting) == sizeof greeting, "greeting");
    read_all(fd, theirs, 64);
    if (theirs[0] != 0xff || theirs[9] != 0x7f || theirs[10] < 3) die("the publisher speaks no ZMTP 3");
    must(write(fd, ready, sizeof ready - 1) == sizeof ready - 1, "READY");
    read_all(fd, head, 2);
    if (head[0] != 0x04) die("the publisher's first frame is no short command");
    read_all(fd, theirs, head[1]);
    must(write(fd, subscription, sizeof subscription - 1) == sizeof subscription - 1, "subscription");
}

static int drain(int port, int start_port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval wait = {.tv_usec = WAIT_MS * 1000};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    must(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "connect");
    shake_hands(fd);
    if (start_port) {
        void *context = zmq_ctx_new();
        say_start(context, start_port);
        zmq_ctx_term(context);
    }
    static char unused[1 << 20];
    uint64_t bytes = 0;
    double next = 0;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    while (!stopping) {
        ssize_t n = recv(fd, unused, sizeof unused, MSG_TRUNC); /* on TCP: the kernel drops the bytes instead of copying them */
        if (n == 0) break;
        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            if (errno == ECONNRESET) break;
            must(0, "receive");
        }
        if (n > 0) bytes += (uint64_t)n;
        if (bytes > 0) tell_if_due(seconds_now(), &next, 0, bytes);
    }
    printf("end messages=0 bytes=%llu\n", (unsigned long long)bytes);
    close(fd);
    return 0;
}

/* ---- tick ---- */

static int ascending(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static int tick(int rate, int seconds) {
    size_t ticks = (size_t)rate * (size_t)seconds, n = 0;
    double *late = malloc(ticks * sizeof *late);
    must(late != NULL, "memory");
    for (double begin = seconds_now(); n < ticks && !stopping; n++) {
        double due = begin + (double)n / rate, now;
        while ((now = seconds_now()) < due) continue;
        late[n] = (now - due) * 1e6;
    }
    if (n == 0) die("it ended before the first moment");
    qsort(late, n, sizeof *late, ascending);
    printf("end ticks=%zu p50_us=%.0f p99_us=%.0f p999_us=%.0f max_us=%.0f\n", n, late[n / 2], late[n * 99 / 100], late[n * 999 / 1000], late[n - 1]);
    return 0;
}

/* ---- */

static int number(const char *text, const char *what, long most) {
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end != 0 || value < 0 || value > most) die("%s: '%s' is not a number from 0 to %ld", what, text, most);
    return (int)value;
}

static int usage(void) {
    fputs("usage: peer pub PORT SIZE | sub PORT [--start PORT] [--answer PORT] | drain PORT [--start PORT] | tick RATE SECONDS\n", stderr);
    return 2;
}

int main(int count, char **words) {
    if (count < 3) return usage();
    if (strcmp(words[1], "tick") == 0) {
        if (count != 4) return usage();
        end_with_standard_input();
        return tick(number(words[2], "RATE", 1000000), number(words[3], "SECONDS", 600));
    }
    int publishing = strcmp(words[1], "pub") == 0, port = number(words[2], "PORT", 65535), start_port = 0, answer_port = 0, from = 3;
    if (publishing && count != 4) return usage();
    for (; !publishing && from + 1 < count; from += 2) {
        if (strcmp(words[from], "--start") == 0) start_port = number(words[from + 1], "--start", 65535);
        else if (strcmp(words[from], "--answer") == 0) answer_port = number(words[from + 1], "--answer", 65535);
        else return usage();
    }
    if (!publishing && from != count) return usage();
    end_with_standard_input();
    if (publishing) return publish(port, (size_t)number(words[3], "SIZE", 1 << 30));
    if (strcmp(words[1], "sub") == 0) return subscribe(port, start_port, answer_port);
    if (strcmp(words[1], "drain") == 0) return drain(port, start_port);
    return usage();
}
