/** The alarm: two tones, three times, and a vibration; only for what is severe, once a notice. */

const TONES_HZ = [853, 960];
const TONE_S = 0.25;
const ROUNDS = 3;
const PATTERN_MS = [400, 200, 400, 200, 800];
let playing: AudioContext | undefined;

export function sound(): void {
  silence();
  navigator.vibrate?.(PATTERN_MS);
  try {
    playing = new AudioContext();
    const gain = playing.createGain();
    gain.gain.value = 0.25;
    gain.connect(playing.destination);
    for (let n = 0; n < ROUNDS * TONES_HZ.length; n++) play(playing, gain, n);
  } catch {
    // A browser without sound still shows and vibrates.
  }
}

function play(context: AudioContext, gain: GainNode, n: number): void {
  const tone = context.createOscillator();
  tone.frequency.value = TONES_HZ[n % TONES_HZ.length] ?? 900;
  tone.connect(gain);
  tone.start(context.currentTime + n * TONE_S);
  tone.stop(context.currentTime + (n + 1) * TONE_S);
}

export function silence(): void {
  navigator.vibrate?.(0);
  void playing?.close();
  playing = undefined;
}

/** Read aloud by the device's own voice. */
export function speak(text: string, locale: string): void {
  const speech = new SpeechSynthesisUtterance(text);
  speech.lang = locale;
  speechSynthesis.cancel();
  speechSynthesis.speak(speech);
}
