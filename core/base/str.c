#include "core/base/str.h"

#include "core/base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

char rh_str_empty[1] = "";

void rh_str_init(struct rh_str *s, size_t maximum)
{
    *s = (struct rh_str)RH_STR_INIT(maximum);
}

void rh_str_fini(struct rh_str *s)
{
    if (s->capacity)
        rh_free(s->data);
    rh_str_init(s, s->maximum);
}

void rh_str_reset(struct rh_str *s)
{
    s->length = 0;
    s->failed = false;
    if (s->capacity)
        s->data[0] = '\0';
}

static bool make_room(struct rh_str *s, size_t more)
{
    size_t wanted, capacity;
    char *data;

    if (s->failed || more > s->maximum - s->length) {
        s->failed = true;
        return false;
    }
    wanted = s->length + more + 1;
    if (wanted <= s->capacity)
        return true;
    capacity = s->capacity ? s->capacity * 2 : 64;
    if (capacity < wanted)
        capacity = wanted;
    data = rh_realloc(s->capacity ? s->data : NULL, capacity);
    if (!data) {
        s->failed = true;
        return false;
    }
    data[s->length] = '\0';
    s->data = data;
    s->capacity = capacity;
    return true;
}

void rh_str_add_n(struct rh_str *s, const char *bytes, size_t count)
{
    if (count == 0 || !make_room(s, count))
        return;
    memcpy(s->data + s->length, bytes, count);
    s->length += count;
    s->data[s->length] = '\0';
}

void rh_str_add(struct rh_str *s, const char *text)
{
    rh_str_add_n(s, text, strlen(text));
}

void rh_str_add_char(struct rh_str *s, char c)
{
    rh_str_add_n(s, &c, 1);
}

void rh_str_printf(struct rh_str *s, const char *format, ...)
{
    va_list args, again;
    int needed;

    va_start(args, format);
    va_copy(again, args);
    needed = vsnprintf(NULL, 0, format, args);
    if (needed < 0)
        s->failed = true;
    else if (needed > 0 && make_room(s, (size_t)needed)) {
        vsnprintf(s->data + s->length, (size_t)needed + 1, format, again);
        s->length += (size_t)needed;
    }
    va_end(again);
    va_end(args);
}

int32_t rh_str_check(const struct rh_str *s, struct rh_err *err)
{
    if (!s->failed)
        return 0;
    return rh_err_set(err, RH_ETOOLARGE, "der Text ist länger als %zu Byte oder es fehlt Speicher",
                      "the text is longer than %zu bytes or memory is short", s->maximum);
}

char *rh_str_take(struct rh_str *s)
{
    char *data = s->capacity ? s->data : rh_strdup("");

    if (!data)
        return NULL;
    s->capacity = 0;
    rh_str_init(s, s->maximum);
    return data;
}
