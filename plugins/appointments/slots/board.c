#include "plugins/appointments/slots/board.h"

static void count_workdays(const struct slots_model *model, int32_t *ret)
{
    for (int32_t c = 0; c < model->calendar_count; c++) {
        int32_t *sum = ret + (size_t)c * (size_t)(model->day_count + 1);

        for (int32_t i = 0; i < model->day_count; i++)
            sum[i + 1] = sum[i] + !(model->calendars[c][i] & SLOTS_DAY_FREE);
    }
}

static int32_t number_seats(struct slots_board *board)
{
    const struct slots_model *model = board->model;
    int32_t seat = 0;

    for (int32_t m = 0; m < model->meeting_count; m++) {
        board->first_seat[m] = seat;
        seat += model->meetings[m].attendee_count;
    }
    return seat;
}

static int32_t all_there(const struct slots_board *board)
{
    return board->workdays && board->group_of && board->first_seat && board->slot && board->head &&
           board->count;
}

struct slots_board *slots_board_new(const struct slots_memory *memory,
                                    const struct slots_model *model)
{
    struct slots_board *board = SLOTS_NEW(memory, struct slots_board, 1);
    size_t cells, meetings = (size_t)model->meeting_count;
    int32_t seats;

    if (!board)
        return NULL;
    board->model = model;
    board->first_week = slots_week(model->first_day);
    board->week_count = slots_week(model->first_day + model->day_count - 1) - board->first_week + 1;
    cells = (size_t)model->party_count * (size_t)board->week_count;
    board->workdays =
        SLOTS_NEW(memory, int32_t, (size_t)model->calendar_count * (size_t)(model->day_count + 1));
    board->group_of = SLOTS_NEW(memory, int32_t, meetings);
    board->first_seat = SLOTS_NEW(memory, int32_t, meetings);
    board->slot = SLOTS_NEW(memory, struct slots_slot, meetings);
    board->head = SLOTS_NEW(memory, int32_t, cells);
    board->count = SLOTS_NEW(memory, int32_t, cells);
    if (!all_there(board))
        return NULL;
    seats = number_seats(board);
    board->meeting_of = SLOTS_NEW(memory, int32_t, seats);
    board->next = SLOTS_NEW(memory, int32_t, seats);
    board->before = SLOTS_NEW(memory, int32_t, seats);
    if (!board->meeting_of || !board->next || !board->before)
        return NULL;
    count_workdays(model, board->workdays);
    for (size_t i = 0; i < cells; i++)
        board->head[i] = -1;
    for (int32_t g = 0; g < model->group_count; g++)
        for (int32_t i = 0; i < model->groups[g].count; i++)
            board->group_of[model->groups[g].first + i] = g;
    for (int32_t m = 0; m < model->meeting_count; m++) {
        board->slot[m].day = SLOTS_NOWHERE;
        for (int32_t a = 0; a < model->meetings[m].attendee_count; a++)
            board->meeting_of[board->first_seat[m] + a] = m;
    }
    return board;
}

static size_t cell_of(const struct slots_board *board, int32_t party, int32_t day)
{
    return (size_t)party * (size_t)board->week_count +
           (size_t)(slots_week(day) - board->first_week);
}

void slots_board_put(struct slots_board *board, int32_t meeting, struct slots_slot slot)
{
    const struct slots_meeting *what = &board->model->meetings[meeting];

    slots_board_take(board, meeting);
    board->slot[meeting] = slot;
    for (int32_t a = 0; a < what->attendee_count; a++) {
        int32_t seat = board->first_seat[meeting] + a;
        size_t cell = cell_of(board, what->attendees[a].party, slot.day);

        board->before[seat] = -1;
        board->next[seat] = board->head[cell];
        if (board->head[cell] >= 0)
            board->before[board->head[cell]] = seat;
        board->head[cell] = seat;
        board->count[cell] += !what->attendees[a].optional;
    }
}

void slots_board_take(struct slots_board *board, int32_t meeting)
{
    const struct slots_meeting *what = &board->model->meetings[meeting];
    int32_t day = board->slot[meeting].day;

    if (day == SLOTS_NOWHERE)
        return;
    for (int32_t a = 0; a < what->attendee_count; a++) {
        int32_t seat = board->first_seat[meeting] + a;
        size_t cell = cell_of(board, what->attendees[a].party, day);

        if (board->before[seat] >= 0)
            board->next[board->before[seat]] = board->next[seat];
        else
            board->head[cell] = board->next[seat];
        if (board->next[seat] >= 0)
            board->before[board->next[seat]] = board->before[seat];
        board->count[cell] -= !what->attendees[a].optional;
    }
    board->slot[meeting].day = SLOTS_NOWHERE;
}

void slots_board_count(struct slots_board *board, int32_t meeting, int32_t day, int32_t by)
{
    const struct slots_meeting *what = &board->model->meetings[meeting];

    for (int32_t a = 0; a < what->attendee_count; a++)
        if (!what->attendees[a].optional)
            board->count[cell_of(board, what->attendees[a].party, day)] += by;
}

int32_t slots_workdays(const struct slots_board *board, int32_t calendar, int32_t a, int32_t b)
{
    const struct slots_model *model = board->model;
    const int32_t *sum = board->workdays + (size_t)calendar * (size_t)(model->day_count + 1);

    return sum[b - model->first_day + 1] - sum[a - model->first_day + 1];
}
