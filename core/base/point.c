#include "core/base/point.h"

void (*rh_point_hook)(const char *name);
