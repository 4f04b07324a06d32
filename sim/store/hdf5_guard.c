/* HDF5 kept quiet and to one thread at a time: it may be built without locks of its own, and its
 * library of dimension scales has none in any build. Its automatic error function runs inside the
 * call that failed, before a later call clears the error stack, so that is where the reason is
 * taken: the innermost record of the first failure. SPDX-License-Identifier: Apache-2.0 */
#include "hdf5_guard.h"

#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t hdf5_lock = PTHREAD_MUTEX_INITIALIZER;

static herr_t reason_take(unsigned depth, const H5E_error2_t *record, void *data)
{
    struct store_guard *self = data;
    if (depth == 0 && record->desc)
        snprintf(self->reason, sizeof self->reason, "%s", record->desc);
    return 0;
}

static herr_t failure_note(hid_t stack, void *data)
{
    struct store_guard *self = data;
    if (self->reason[0] == '\0')
        H5Ewalk2(stack, H5E_WALK_UPWARD, reason_take, self);
    return 0;
}

void store_guard_begin(struct store_guard *self)
{
    *self = (struct store_guard){.old_function = NULL};
    pthread_mutex_lock(&hdf5_lock);
    H5Eget_auto2(H5E_DEFAULT, &self->old_function, &self->old_data);
    H5Eset_auto2(H5E_DEFAULT, failure_note, self);
    H5PLget_loading_state(&self->old_plugins);
    H5PLset_loading_state(0);
}

void store_guard_end(struct store_guard *self)
{
    H5PLset_loading_state(self->old_plugins);
    H5Eset_auto2(H5E_DEFAULT, self->old_function, self->old_data);
    pthread_mutex_unlock(&hdf5_lock);
    if (self->reason[0] == '\0')
        snprintf(self->reason, sizeof self->reason, "HDF5 gives no reason");
}

bool store_hdf5_prepare(void)
{
    return H5open() >= 0;
}

hid_t store_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 &&
        (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        H5Tclose(type);
        type = H5I_INVALID_HID;
    }
    return type;
}
