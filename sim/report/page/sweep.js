// A sweep of many policies. SPDX-License-Identifier: Apache-2.0
const isSweep = (result) => result.n("scenario") > 0;

function sweepPage() {}
