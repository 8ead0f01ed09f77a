// The forward pass of small Keras models, for figures that run a chapter's own network.
// A tensor is {shape, data}: a list of sizes, the batch first, and a Float32Array in row order.
// No dependency and no module syntax, so that the same file works from disk and in Node.
(function (root) {
  "use strict";

  const size = (shape) => shape.reduce((product, n) => product * n, 1);

  function tensor(shape, data = new Float32Array(size(shape))) {
    if (data.length !== size(shape)) {
      throw new Error(`${data.length} numbers do not fill the shape ${shape.join(" x ")}`);
    }
    return { shape, data };
  }

  const last = (x) => x.shape[x.shape.length - 1];
  const sigmoid = (z) => (1 + Math.tanh(z / 2)) / 2;

  const ACTIVATIONS = {
    linear: (z) => z,
    relu: (z) => Math.max(z, 0),
    sigmoid,
    tanh: Math.tanh,
  };

  function softmax(x) {
    const n = last(x), y = tensor(x.shape);
    for (let row = 0; row < x.data.length; row += n) {
      const values = x.data.subarray(row, row + n), largest = Math.max(...values);
      const powers = Array.from(values, (v) => Math.exp(v - largest));
      const sum = powers.reduce((a, b) => a + b, 0);
      y.data.set(powers.map((p) => p / sum), row);
    }
    return y;
  }

  function activated(name, x) {
    return name === "softmax" ? softmax(x) : tensor(x.shape, x.data.map(ACTIVATIONS[name]));
  }

  // (..., k) times (k, units), plus a bias.
  function product(x, kernel, bias) {
    const [k, units] = kernel.shape, rows = x.data.length / k;
    const y = tensor([...x.shape.slice(0, -1), units]);
    for (let row = 0; row < rows; row++) {
      const out = y.data.subarray(row * units, (row + 1) * units);
      if (bias) out.set(bias.data);
      for (let i = 0; i < k; i++) {
        const value = x.data[row * k + i];
        for (let j = 0; j < units; j++) out[j] += value * kernel.data[i * units + j];
      }
    }
    return y;
  }

  // How many windows fit, and how many zeros stand before the first, along one side.
  function windows(length, width, stride, padding) {
    if (padding === "valid") return { count: Math.floor((length - width) / stride) + 1, before: 0 };
    const count = Math.ceil(length / stride);
    return { count, before: Math.max((count - 1) * stride + width - length, 0) >> 1 };
  }

  // Calls visit(batch, row, column, offset) for each window, whose corner may lie outside.
  function slide(x, [height, width], [down, right], padding, channels, visit) {
    const [batch, rows, columns] = x.shape;
    const vertical = windows(rows, height, down, padding);
    const horizontal = windows(columns, width, right, padding);
    const y = tensor([batch, vertical.count, horizontal.count, channels]);
    let offset = 0;
    for (let b = 0; b < batch; b++)
      for (let i = 0; i < vertical.count; i++)
        for (let j = 0; j < horizontal.count; j++, offset += channels)
          visit(y.data, offset, b, i * down - vertical.before, j * right - horizontal.before);
    return y;
  }

  function convolved(x, { kernel, bias }, config) {
    const [height, width, from, to] = kernel.shape, [, rows, columns] = x.shape;
    const pixels = x.data, weights = kernel.data;
    return slide(x, [height, width], config.strides, config.padding, to, (out, offset, b, top, left) => {
      if (bias) out.set(bias.data, offset);
      for (let r = Math.max(0, -top); r < height && top + r < rows; r++)
        for (let c = Math.max(0, -left); c < width && left + c < columns; c++) {
          const pixel = ((b * rows + top + r) * columns + left + c) * from;
          for (let i = 0; i < from; i++) {
            const value = pixels[pixel + i], weight = ((r * width + c) * from + i) * to;
            if (value === 0) continue; // as many are after a ReLU
            for (let o = 0; o < to; o++) out[offset + o] += value * weights[weight + o];
          }
        }
    });
  }

  function pooled(x, config, isMaximum) {
    const [, rows, columns, channels] = x.shape, [height, width] = config.pool_size;
    return slide(x, [height, width], config.strides, config.padding, channels, (out, offset, b, top, left) => {
      for (let channel = 0; channel < channels; channel++) {
        const seen = [];
        for (let r = Math.max(0, -top); r < height && top + r < rows; r++)
          for (let c = Math.max(0, -left); c < width && left + c < columns; c++)
            seen.push(x.data[((b * rows + top + r) * columns + left + c) * channels + channel]);
        out[offset + channel] = isMaximum
          ? Math.max(...seen)
          : seen.reduce((a, v) => a + v, 0) / seen.length;
      }
    });
  }

  // The convolution run backwards: every number of x adds its kernel to the places it came from.
  function spreadOut(x, { kernel, bias }, config) {
    const [height, width, to, from] = kernel.shape, [batch, rows, columns] = x.shape;
    const [down, right] = config.strides, same = config.padding === "same";
    const grown = (n, stride, side) => n * stride + (same ? 0 : Math.max(side - stride, 0));
    const high = grown(rows, down, height), wide = grown(columns, right, width);
    const above = same ? Math.max(height - down, 0) >> 1 : 0;
    const before = same ? Math.max(width - right, 0) >> 1 : 0;
    const y = tensor([batch, high, wide, to]);
    if (bias) for (let at = 0; at < y.data.length; at += to) y.data.set(bias.data, at);
    for (let b = 0; b < batch; b++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          const place = ((b * rows + i) * columns + j) * from;
          for (let r = 0; r < height; r++)
            for (let c = 0; c < width; c++) {
              const row = i * down + r - above, column = j * right + c - before;
              if (row < 0 || row >= high || column < 0 || column >= wide) continue;
              const out = ((b * high + row) * wide + column) * to;
              const weight = (r * width + c) * to * from;
              for (let o = 0; o < to; o++) {
                let sum = 0;
                for (let k = 0; k < from; k++) sum += x.data[place + k] * kernel.data[weight + o * from + k];
                y.data[out + o] += sum;
              }
            }
        }
    return y;
  }

  // One number for each channel: over all places between the batch and the channels.
  function overPlaces(x, combine, start, finish = (v) => v) {
    const batch = x.shape[0], channels = last(x), places = x.data.length / batch / channels;
    const y = tensor([batch, channels], new Float32Array(batch * channels).fill(start));
    for (let b = 0; b < batch; b++)
      for (let p = 0; p < places; p++)
        for (let c = 0; c < channels; c++)
          y.data[b * channels + c] = combine(
            y.data[b * channels + c], x.data[(b * places + p) * channels + c],
          );
    y.data.forEach((value, i) => { y.data[i] = finish(value, places); });
    return y;
  }

  // Recurrent layers also keep what each gate said: trace.f is (batch, steps, units).
  const CELLS = {
    SimpleRNN: { gates: ["h"], step: (a, u, k, h, c, act) => act(a[k] + u[k]) },
    LSTM: {
      gates: ["i", "f", "g", "o"],
      step(a, u, k, h, c, act, gate, n, keep) {
        const [i, f, o] = [0, 1, 3].map((block) => gate(a[block * n + k] + u[block * n + k]));
        const g = act(a[2 * n + k] + u[2 * n + k]);
        c[k] = f * c[k] + i * g;
        keep({ i, f, g, o, c: c[k] });
        return o * act(c[k]);
      },
    },
    GRU: {
      gates: ["z", "r", "g"],
      step(a, u, k, h, c, act, gate, n, keep) {
        const z = gate(a[k] + u[k]), r = gate(a[n + k] + u[n + k]);
        const g = act(a[2 * n + k] + r * u[2 * n + k]);
        keep({ z, r, g });
        return z * h[k] + (1 - z) * g;
      },
    },
  };

  function recurrent(type, x, weights, config) {
    const cell = CELLS[type], n = config.units, width = cell.gates.length * n;
    const [batch, steps, features] = x.shape, bias = weights.bias?.data;
    const act = ACTIVATIONS[config.activation];
    const gate = ACTIVATIONS[config.recurrent_activation ?? "sigmoid"];
    const fromInput = product(x, weights.kernel, bias && tensor([width], bias.slice(0, width)));
    const second = type === "GRU" && bias ? tensor([width], bias.slice(width)) : null;
    const all = tensor([batch, steps, n]), trace = {};
    for (let b = 0; b < batch; b++) {
      let h = new Float32Array(n);
      const c = new Float32Array(n);
      for (let t = 0; t < steps; t++) {
        const at = (b * steps + t) * n;
        const a = fromInput.data.subarray((b * steps + t) * width, (b * steps + t + 1) * width);
        const u = product(tensor([1, n], h), weights.recurrent_kernel, second).data;
        const next = new Float32Array(n);
        for (let k = 0; k < n; k++) {
          const keep = (values) => {
            for (const [name, value] of Object.entries(values)) {
              trace[name] ??= tensor([batch, steps, n]);
              trace[name].data[at + k] = value;
            }
          };
          next[k] = cell.step(a, u, k, h, c, act, gate, n, keep);
        }
        h = next;
        all.data.set(h, at);
      }
    }
    if (features !== weights.kernel.shape[0]) throw new Error(`${type} got ${features} features`);
    if (config.return_sequences) return { ...all, trace };
    const end = tensor([batch, n]);
    for (let b = 0; b < batch; b++) {
      end.data.set(all.data.subarray(((b + 1) * steps - 1) * n, (b + 1) * steps * n), b * n);
    }
    return { ...end, trace };
  }

  function normalised(x, { gamma, beta, moving_mean, moving_variance }, config) {
    const n = moving_mean.data.length;
    return tensor(x.shape, x.data.map((value, i) => {
      const c = i % n;
      const z = (value - moving_mean.data[c]) / Math.sqrt(moving_variance.data[c] + config.epsilon);
      return z * (gamma?.data[c] ?? 1) + (beta?.data[c] ?? 0);
    }));
  }

  function normalisedRows(x, { gamma, beta }, config) {
    const n = last(x), y = tensor(x.shape);
    for (let row = 0; row < x.data.length; row += n) {
      const values = x.data.subarray(row, row + n);
      const mean = values.reduce((a, v) => a + v, 0) / n;
      const spread = Math.sqrt(
        values.reduce((a, v) => a + (v - mean) ** 2, 0) / n + config.epsilon,
      );
      values.forEach((v, i) => {
        y.data[row + i] = ((v - mean) / spread) * (gamma?.data[i] ?? 1) + (beta?.data[i] ?? 0);
      });
    }
    return y;
  }

  function embedded(x, { embeddings }) {
    const [words, n] = embeddings.shape, y = tensor([...x.shape, n]);
    x.data.forEach((word, i) => {
      if (!(word >= 0 && word < words)) throw new Error(`word ${word} of a table of ${words}`);
      y.data.set(embeddings.data.subarray(word * n, (word + 1) * n), i * n);
    });
    return y;
  }

  function joined(inputs) {
    const widths = inputs.map(last), rows = inputs[0].data.length / widths[0];
    const total = widths.reduce((a, b) => a + b, 0);
    const y = tensor([...inputs[0].shape.slice(0, -1), total]);
    let left = 0;
    inputs.forEach((x, n) => {
      for (let row = 0; row < rows; row++) {
        y.data.set(x.data.subarray(row * widths[n], (row + 1) * widths[n]), row * total + left);
      }
      left += widths[n];
    });
    return y;
  }

  function sum(inputs) {
    const [first, ...others] = inputs;
    return tensor(first.shape, first.data.map((v, i) => others.reduce((a, x) => a + x.data[i], v)));
  }

  // Attention of x (batch, n, d) to z (batch, m, d); mayLook(i, j) tells who sees whom.
  // trace.looked is (batch, heads, n, m).
  function attended(x, z, own, config, mayLook = () => true) {
    const heads = config.num_heads, size = config.key_dim, flat = heads * size;
    const projected = (input, part) => product(
      input,
      tensor([own[`${part}_kernel`].shape[0], flat], own[`${part}_kernel`].data),
      own[`${part}_bias`],
    ).data;
    const [batch, n] = x.shape, m = z.shape[1], q = projected(x, "query");
    const k = projected(z, "key"), v = projected(z, "value");
    const looked = tensor([batch, heads, n, m]), answers = tensor([batch, n, flat]);
    for (let b = 0; b < batch; b++)
      for (let h = 0; h < heads; h++)
        for (let i = 0; i < n; i++) {
          const scores = new Float32Array(m), mine = (b * n + i) * flat + h * size;
          for (let j = 0; j < m; j++) {
            const theirs = (b * m + j) * flat + h * size;
            let sum = 0;
            for (let c = 0; c < size; c++) sum += q[mine + c] * k[theirs + c];
            scores[j] = mayLook(i, j, b) ? sum / Math.sqrt(size) : -1e9;
          }
          const weights = softmax(tensor([1, m], scores)).data;
          looked.data.set(weights, ((b * heads + h) * n + i) * m);
          for (let j = 0; j < m; j++)
            for (let c = 0; c < size; c++)
              answers.data[mine + c] += weights[j] * v[(b * m + j) * flat + h * size + c];
        }
    const kernel = own.attention_output_kernel;
    const y = product(answers, tensor([flat, last(kernel)], kernel.data), own.attention_output_bias);
    return { ...y, trace: { looked } };
  }

  // type -> (inputs, weights, config) => output
  const LAYERS = {
    Activation: ([x], w, c) => activated(c.activation, x),
    Add: sum,
    AveragePooling2D: ([x], w, c) => pooled(x, c, false),
    BatchNormalization: ([x], w, c) => normalised(x, w, c),
    Concatenate: joined,
    Conv2D: ([x], w, c) => activated(c.activation, convolved(x, w, c)),
    Conv2DTranspose: ([x], w, c) => activated(c.activation, spreadOut(x, w, c)),
    Dense: ([x], w, c) => activated(c.activation, product(x, w.kernel, w.bias)),
    Dropout: ([x]) => x,
    Embedding: ([x], w) => embedded(x, w),
    Flatten: ([x]) => tensor([x.shape[0], x.data.length / x.shape[0]], x.data),
    GlobalAveragePooling2D: ([x]) => overPlaces(x, (a, v) => a + v, 0, (v, n) => v / n),
    GlobalMaxPooling1D: ([x]) => overPlaces(x, Math.max, -Infinity),
    GlobalMaxPooling2D: ([x]) => overPlaces(x, Math.max, -Infinity),
    GRU: ([x], w, c) => recurrent("GRU", x, w, c),
    LayerNormalization: ([x], w, c) => normalisedRows(x, w, c),
    LeakyReLU: ([x], w, c) => tensor(x.shape, x.data.map((v) => (v > 0 ? v : c.negative_slope * v))),
    LSTM: ([x], w, c) => recurrent("LSTM", x, w, c),
    MaxPooling2D: ([x], w, c) => pooled(x, c, true),
    MultiHeadAttention: ([x, z], w, c, mayLook) => attended(x, z, w, c, mayLook),
    ReLU: ([x]) => activated("relu", x),
    Reshape: ([x], w, c) => tensor([x.shape[0], ...c.target_shape], x.data),
    SimpleRNN: ([x], w, c) => recurrent("SimpleRNN", x, w, c),
    Softmax: ([x]) => softmax(x),
  };

  function fromHalf(bits) {
    const sign = bits >> 15 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return exponent
      ? sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
      : sign * fraction * 2 ** -24;
  }

  // Base64 -> Float32Array of all weights, in the order of the layers: little-endian 16-bit floats;
  // where a weight is marked with 8 bits, a 16-bit scale for each of its last axis, then bytes.
  function decode(text, layers) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer), values = [];
    let at = 0;
    const read = (width, method) => {
      if (at + width > bytes.length) throw new Error("the weights are cut off: fewer bytes than weights are used");
      at += width;
      return view[method](at - width, true);
    };
    const half = () => fromHalf(read(2, "getUint16"));
    for (const [, shape, bits] of layers.flatMap(({ weights }) => weights)) {
      const n = size(shape), columns = shape[shape.length - 1];
      if (bits !== 8) { for (let i = 0; i < n; i++) values.push(half()); continue; }
      const scales = Array.from({ length: columns }, half);
      for (let i = 0; i < n; i++) values.push(scales[i % columns] * read(1, "getInt8"));
    }
    if (at !== bytes.length) throw new Error(`${at} of ${bytes.length} bytes of weights are used`);
    return Float32Array.from(values);
  }

  // A network from its description and its weights. One that is described without connections is
  // put together by its figure, with apply.
  function network(spec, weights) {
    let used = 0;
    const layers = spec.layers.map((layer) => {
      if (spec.output && !LAYERS[layer.type]) throw new Error(`unknown layer ${layer.type}`);
      const own = {};
      for (const [name, shape] of layer.weights) {
        own[name] = tensor(shape, weights.subarray(used, used + size(shape)));
        used += size(shape);
      }
      return { ...layer, own };
    });
    if (used !== weights.length) throw new Error(`${used} of ${weights.length} weights are used`);
    const byName = Object.fromEntries(layers.map((layer) => [layer.name, layer]));

    function apply(name, inputs, ...options) {
      const { type, own, config } = byName[name];
      return LAYERS[type](inputs, own, config, ...options);
    }

    // Returns what every layer put out, by name; `change` may alter a value on its way.
    function run(input, change = (name, value) => value) {
      const values = { [spec.input]: input };
      for (const { name, inputs } of layers) {
        values[name] = change(name, apply(name, inputs.map((from) => values[from])));
      }
      return { values, output: values[spec.output] };
    }
    return { run, apply, layers, byName };
  }

  function largestDifference(one, other) {
    if (one.length !== other.length) return Infinity;
    return one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);
  }

  root.nnLive = {
    tensor, network, decode, largestDifference, softmax, sum, product, activated, LAYERS,
    figures: {}, // name -> function that fills a figure
    forward: {}, // name -> function (network, inputs) => output, for networks without connections
  };
  if (typeof module !== "undefined") module.exports = root.nnLive;
})(globalThis);
