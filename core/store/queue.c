#include "core/store/internal.h"

int rh_queue_init(struct rh_queue *queue)
{
    int rc;

    *queue = (struct rh_queue){0};
    rc = pthread_mutex_init(&queue->mutex, NULL);
    if (rc != 0)
        return rc;
    rc = pthread_cond_init(&queue->filled, NULL);
    if (rc != 0)
        (void)pthread_mutex_destroy(&queue->mutex); /* cannot fail: nobody has it */
    return rc;
}

void rh_queue_fini(struct rh_queue *queue)
{
    (void)pthread_cond_destroy(&queue->filled); /* cannot fail: the threads are joined */
    (void)pthread_mutex_destroy(&queue->mutex);
}

bool rh_queue_push(struct rh_queue *queue, struct rh_task *task)
{
    bool open, asleep;

    task->next = NULL;
    pthread_mutex_lock(&queue->mutex);
    open = !queue->closed;
    asleep = queue->waiting > 0;
    if (open) {
        if (queue->tail)
            queue->tail->next = task;
        else
            queue->head = task;
        queue->tail = task;
    }
    pthread_mutex_unlock(&queue->mutex);

    /* Outside the mutex, and only when somebody sleeps: under load a submit costs no system call.
     */
    if (open && asleep)
        pthread_cond_signal(&queue->filled);
    return open;
}

static struct rh_task *take_first(struct rh_queue *queue)
{
    struct rh_task *task = queue->head;

    if (!task)
        return NULL;
    queue->head = task->next;
    if (!queue->head)
        queue->tail = NULL;
    task->next = NULL;
    return task;
}

struct rh_task *rh_queue_wait(struct rh_queue *queue)
{
    struct rh_task *task;

    pthread_mutex_lock(&queue->mutex);
    while (!(task = take_first(queue)) && !queue->closed) {
        queue->waiting++;
        pthread_cond_wait(&queue->filled, &queue->mutex);
        queue->waiting--;
    }
    pthread_mutex_unlock(&queue->mutex);
    return task;
}

struct rh_task *rh_queue_try(struct rh_queue *queue)
{
    struct rh_task *task;

    pthread_mutex_lock(&queue->mutex);
    task = take_first(queue);
    pthread_mutex_unlock(&queue->mutex);
    return task;
}

struct rh_task *rh_queue_close(struct rh_queue *queue)
{
    struct rh_task *rest;

    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    rest = queue->head;
    queue->head = queue->tail = NULL;
    pthread_mutex_unlock(&queue->mutex);
    pthread_cond_broadcast(&queue->filled);
    return rest;
}
