"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const data = JSON.parse(find("data").textContent);
  const [LEFT, TOP, RIGHT, BASE] = data.frame;
  const POSITIONS = 400;
  const SUFFIXES = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e4, "K"]];

  /* Numbers from base64, little-endian, of so many bytes each: outcomes have 8, scores and tables 4. */
  function unpacked(text, size) {
    const view = new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
    const read = size === 8 ? view.getFloat64 : view.getFloat32;
    return Float64Array.from({ length: view.byteLength / size }, (_, i) => read.call(view, size * i, true));
  }

  function digits(value, kept) {
    const size = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
    const places = Math.max(0, kept - 1 - size);
    if (places > 9) return value.toExponential(kept - 1);
    return Number(value.toPrecision(kept)).toLocaleString("en-GB", { maximumFractionDigits: Math.min(places, 9) });
  }

  function number(value, unit, kept = 3) {
    const [power, suffix] = SUFFIXES.find(([p]) => Math.abs(Number(value.toPrecision(kept))) >= p) ?? [1, ""];
    const scaled = power === 1e4 ? 1e3 : power;
    return [digits(value / scaled, kept), suffix, unit].filter(Boolean).join("\u00a0");
  }

  function percent(share) {
    const hundred = 100 * share;
    if (hundred < 1) return "under 1\u00a0%";
    if (hundred > 99) return "over 99\u00a0%";
    return `${Math.round(hundred)}\u00a0%`;
  }

  const base = unpacked(data.values, 8);
  const held = Object.fromEntries(Object.entries(data.held).map(([key, text]) => [key, unpacked(text, 8)]));
  const priors = Object.fromEntries(Object.entries(data.priors).map(([name, prior]) => [
    name, { ...prior, scores: unpacked(prior.scores, 4), table: unpacked(prior.table, 4), shift: 0 },
  ]));
  const state = { values: base, order: sorted(base), threshold: Number.NaN };

  function sorted(values) {
    return Uint32Array.from(values.keys()).sort((one, other) => values[one] - values[other]);
  }

  /* ln h at z, from its table on an even grid. */
  function logDensity(prior, z) {
    const place = (z - prior.first) / prior.step;
    const cell = Math.min(Math.max(Math.floor(place), 0), prior.table.length - 2);
    const part = place - cell;
    return prior.table[cell] * (1 - part) + prior.table[cell + 1] * part;
  }

  /* Weights h(z - shift) / h(z), multiplied over priors, adding to one. */
  function weights() {
    const logs = new Float64Array(base.length);
    for (const prior of Object.values(priors)) {
      if (prior.shift === 0) continue;
      for (let i = 0; i < logs.length; i += 1) {
        logs[i] += logDensity(prior, prior.scores[i] - prior.shift) - logDensity(prior, prior.scores[i]);
      }
    }
    const largest = logs.reduce((one, other) => Math.max(one, other), -Infinity);
    const found = logs.map((log) => Math.exp(log - largest));
    const total = found.reduce((sum, w) => sum + w, 0);
    return found.map((w) => w / total);
  }

  function quantile(found, probability) {
    let reached = 0;
    for (const i of state.order) {
      reached += found[i];
      if (reached >= probability - 1e-12) return state.values[i];
    }
    return state.values[state.order[state.order.length - 1]];
  }

  function outline(found) {
    const shares = new Float64Array(data.bins);
    for (let i = 0; i < found.length; i += 1) {
      const at = data.log ? Math.log(state.values[i]) : state.values[i];
      const bin = Math.floor(data.bins * (at - data.low) / (data.high - data.low));
      if (bin >= 0 && bin < data.bins) shares[bin] += found[i];
    }
    let path = `M${LEFT},${BASE}`;
    shares.forEach((share, bin) => {
      const height = Math.max(BASE - (BASE - TOP) * share / data.top, TOP);
      path += `V${height.toFixed(1)}H${(LEFT + (RIGHT - LEFT) * (bin + 1) / data.bins).toFixed(1)}`;
    });
    return `${path}V${BASE}Z`;
  }

  function back(prior, y) {
    const [low, high] = prior.ends;
    switch (prior.form) {
      case "log": return low + Math.exp(y);
      case "mirrored log": return high - Math.exp(-y);
      case "logit": return low + (high - low) / (1 + Math.exp(-y));
      default: return y;
    }
  }

  function say(id, text, value) {
    find(id).textContent = text;
    find(id).dataset.value = String(value);
  }

  function show() {
    const found = weights();
    const effective = 1 / found.reduce((sum, w) => sum + w * w, 0);
    const chance = found.reduce((sum, w, i) => sum + (state.values[i] > state.threshold ? w : 0), 0);
    const tail = (1 - data.probability) / 2;
    const [median, low, high] = [0.5, tail, 1 - tail].map((p) => quantile(found, p));
    const refused = effective < data.floor;
    find("explore").classList.toggle("refused", refused);
    const count = Math.round(effective).toLocaleString("en-GB");
    say("effective", `${count} of ${base.length.toLocaleString("en-GB")}`, effective);
    const words = {
      chance: percent(chance),
      median: number(median, data.unit, 2),
      range: `${number(low, "", 2)} to ${number(high, data.unit, 2)}`,
    };
    if (state.values === base && Object.values(priors).every((prior) => prior.shift === 0)) {
      words.median = data.rest.median;
      words.range = data.rest.range || words.range;
      words.chance = data.rest.chances[String(state.threshold)] ?? words.chance;
    }
    say("chance", refused ? "refused" : words.chance, refused ? "" : chance);
    say("median", refused ? "refused" : words.median, refused ? "" : median);
    say("range", refused ? "refused" : words.range, refused ? "" : `${low} ${high}`);
    find("at").textContent = number(state.threshold, data.unit);
    find("moved").setAttribute("d", outline(found));
    find("verdict").textContent = refused
      ? `Refused: too far from the run. Only ${count} effective draws are left; at least ${data.floor} are needed.`
      : `The chance of more than ${number(state.threshold, data.unit)} is ${words.chance}; the middle estimate is ${words.median}.`;
  }

  function setThreshold(value) {
    state.threshold = value;
    const place = ((data.log ? Math.log(value) : value) - data.low) / (data.high - data.low);
    const x = LEFT + (RIGHT - LEFT) * Math.min(Math.max(place, 0), 1);
    find("threshold-line").setAttribute("x1", x.toFixed(1));
    find("threshold-line").setAttribute("x2", x.toFixed(1));
    find("threshold").value = String(Math.round(POSITIONS * place));
    find("threshold").setAttribute("aria-valuetext", number(value, data.unit));
    say("threshold-value", number(value, data.unit), value);
  }

  function thresholdAt(position) {
    const at = data.low + (data.high - data.low) * position / POSITIONS;
    return Number((data.log ? Math.exp(at) : at).toPrecision(3));
  }

  function setPrior(slider, position) {
    const prior = priors[slider.dataset.name];
    slider.value = String(position);
    prior.shift = position * prior.move;
    const before = number(back(prior, prior.middle), prior.unit);
    const median = back(prior, prior.middle + prior.shift * prior.spread);
    const words = position === 0 ? `middle ${before}, as run` : `middle ${number(median, prior.unit)}, was ${before}`;
    say(`${slider.id}-value`, words, median);
    slider.setAttribute("aria-valuetext", words);
  }

  function hold(key) {
    state.values = key === "" ? base : held[key];
    state.order = sorted(state.values);
  }

  const sliders = [...document.querySelectorAll(".prior")];

  function reset() {
    sliders.forEach((slider) => setPrior(slider, 0));
    if (find("held")) {
      find("held").value = "";
      hold("");
    }
    const jump = document.querySelector(".jump:last-of-type");
    setThreshold(jump ? Number(jump.dataset.at) : thresholdAt(POSITIONS / 2));
    show();
  }

  function listen() {
    find("threshold").addEventListener("input", (event) => {
      setThreshold(thresholdAt(Number(event.target.value)));
      show();
    });
    sliders.forEach((slider) => slider.addEventListener("input", () => {
      setPrior(slider, Number(slider.value));
      show();
    }));
    find("held")?.addEventListener("change", (event) => {
      hold(event.target.value);
      show();
    });
    document.querySelectorAll(".jump").forEach((button) => {
      button.textContent = number(Number(button.dataset.at));
      button.addEventListener("click", () => {
        setThreshold(Number(button.dataset.at));
        show();
      });
    });
    find("reset").addEventListener("click", reset);
  }

  function makeSortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const rising = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", rising ? "ascending" : "descending");
        [...table.tBodies].forEach((body) => sortRows(body, column, rising ? 1 : -1));
      });
    });
  }

  /* Rows with nothing in the column stay at the end, whichever way it is sorted. */
  function sortRows(body, column, sign) {
    const rows = [...body.rows].filter((row) => !row.classList.contains("group"));
    const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    const compare = (one, other) => {
      const [a, b] = [key(one), key(other)];
      if (a === "" || b === "") return Number(a === "") - Number(b === "");
      const [x, y] = [Number(a), Number(b)];
      if (Number.isNaN(x) || Number.isNaN(y)) return sign * a.localeCompare(b, "en");
      return sign * (x - y);
    };
    rows.sort(compare).forEach((row) => body.append(row));
  }

  document.querySelectorAll("table.sortable").forEach(makeSortable);
  listen();
  reset();
  find("explore").hidden = false;
})();
