// What the reader has chosen. SPDX-License-Identifier: Apache-2.0
const state = {result: 0, group: 0, stat: 0, x: 0, by: 0, cut: -1, competence: -1, ratio: -1}; // -1: what the scenario has
