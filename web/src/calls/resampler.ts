/** Brings the microphone's samples down to the telephone's 8 kHz and cuts them into 20 ms. */
export const LINE_RATE = 8_000;
const FRAME = 160;

/** Averages what falls into one sample of the line: cheap, and enough to keep hiss out. */
export class Resampler {
  private sum = 0;
  private count = 0;
  private phase = 0;
  private frame: number[] = [];

  constructor(private readonly rate: number) {}

  feed(samples: Float32Array): Float32Array[] {
    const frames: Float32Array[] = [];
    for (const sample of samples) {
      this.sum += sample;
      this.count += 1;
      this.phase += LINE_RATE;
      if (this.phase < this.rate) continue;
      this.phase -= this.rate;
      this.frame.push(this.sum / this.count);
      this.sum = this.count = 0;
      if (this.frame.length === FRAME) {
        frames.push(Float32Array.from(this.frame));
        this.frame = [];
      }
    }
    return frames;
  }
}
