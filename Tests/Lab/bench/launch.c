// SPDX-License-Identifier: MIT
// Starts a program and says what it used. A process's peak memory includes what the process that started it held at that moment
// (exec(2) counts the memory it replaces, and Python starts programs by vfork(2)), so this one is small.
//
//   launch DESCRIPTOR PROGRAM [ARGUMENT]...
//
// Writes the program's pid as a line to DESCRIPTOR, and when it has ended a line of JSON: CPU seconds, and KiB of the largest process.
// Ends as the program did; 127 when that cannot be started.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

int main(int count, char **words) {
    if (count < 3) return 64;
    int report = atoi(words[1]);
    pid_t child = fork();
    if (child < 0) return 71;
    if (child == 0) {
        close(report);
        execvp(words[2], words + 2);
        perror(words[2]);
        _exit(127);
    }
    dprintf(report, "%d\n", (int)child);
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) < 0) return 71;
    dprintf(report, "{\"cpu\": %.6f, \"memory\": %ld}\n", seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
