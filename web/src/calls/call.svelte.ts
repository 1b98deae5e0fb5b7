/**
 * A call by the microphone: the same Media Streams dialect that a telephone provider speaks. The
 * server hears us in frames of 20 ms; what it says is played as it comes, and dropped when it says
 * "clear" because we began to speak.
 */
import { api } from '@/api/api';
import { decode, encode, fromBase64, toBase64 } from '@/calls/mulaw';
import { LINE_RATE, Resampler } from '@/calls/resampler';

interface Opened {
  code: string;
  url: string;
  proof: string;
}

interface FromServer {
  event: string;
  media?: { payload: string };
  mark?: { name: string };
}

export type CallState = 'idle' | 'asking' | 'talking' | 'denied' | 'failed' | 'over';

const WORKLET = `registerProcessor('ear', class extends AudioWorkletProcessor {
  process([input]) { if (input[0]) this.port.postMessage(input[0].slice()); return true; }
});`;

export class MicrophoneCall {
  state: CallState = $state('idle');
  private socket: WebSocket | undefined;
  private audio: AudioContext | undefined;
  private microphone: MediaStream | undefined;
  private playing = new Set<AudioBufferSourceNode>();
  private playedUntil = 0;
  private readonly stream = crypto.randomUUID();

  async start(): Promise<void> {
    this.state = 'asking';
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, channelCount: 1 },
      });
    } catch {
      this.state = 'denied';
      return;
    }
    try {
      await this.connect(await api.json<Opened>('/api/v1/assistant/calls', { method: 'POST' }));
    } catch {
      this.end('failed');
    }
  }

  press(digit: string): void {
    this.send({ event: 'dtmf', dtmf: { track: 'inbound_track', digit } });
  }

  end(state: CallState = 'over'): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.send({ event: 'stop', stop: {} });
    this.socket?.close();
    this.microphone?.getTracks().forEach((track) => track.stop());
    void this.audio?.close();
    this.socket = this.audio = this.microphone = undefined;
    this.playing.clear();
    this.state = state;
  }

  private async connect({ code, url, proof }: Opened): Promise<void> {
    this.audio = new AudioContext();
    await this.audio.resume();
    const socket = (this.socket = new WebSocket(url));
    socket.onmessage = ({ data }) => this.hear(JSON.parse(String(data)) as FromServer);
    socket.onclose = () => this.closed();
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    this.send({
      event: 'start',
      start: {
        callSid: code,
        streamSid: this.stream,
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: LINE_RATE, channels: 1 },
        customParameters: { proof },
      },
    });
    await this.listen(this.audio);
    this.state = 'talking';
  }

  private async listen(audio: AudioContext): Promise<void> {
    const url = URL.createObjectURL(new Blob([WORKLET], { type: 'text/javascript' }));
    await audio.audioWorklet.addModule(url);
    URL.revokeObjectURL(url);
    const ear = new AudioWorkletNode(audio, 'ear', { numberOfOutputs: 0 });
    const resampler = new Resampler(audio.sampleRate);
    ear.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      for (const frame of resampler.feed(data)) this.say(frame);
    };
    if (this.microphone) audio.createMediaStreamSource(this.microphone).connect(ear);
  }

  private say(frame: Float32Array): void {
    this.send({ event: 'media', media: { track: 'inbound', payload: toBase64(encode(frame)) } });
  }

  private send(message: object): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(JSON.stringify({ streamSid: this.stream, ...message }));
  }

  private hear(message: FromServer): void {
    if (message.event === 'media' && message.media) this.play(message.media.payload);
    if (message.event === 'mark' && message.mark) this.echo(message.mark.name);
    if (message.event === 'clear') this.hush();
  }

  private play(payload: string): void {
    if (!this.audio) return;
    const samples = decode(fromBase64(payload));
    const buffer = this.audio.createBuffer(1, samples.length, LINE_RATE);
    buffer.copyToChannel(samples, 0);
    const source = this.audio.createBufferSource();
    source.buffer = buffer;
    source.connect(this.audio.destination);
    // A little in hand evens out the network's unrest.
    this.playedUntil = Math.max(this.playedUntil, this.audio.currentTime + 0.06);
    source.start(this.playedUntil);
    this.playedUntil += buffer.duration;
    this.playing.add(source);
    source.onended = () => this.playing.delete(source);
  }

  /** The mark goes back once everything before it has been heard. */
  private echo(name: string): void {
    const waitS = Math.max(0, this.playedUntil - (this.audio?.currentTime ?? 0));
    setTimeout(() => this.send({ event: 'mark', mark: { name } }), waitS * 1000);
  }

  private hush(): void {
    for (const source of this.playing) source.stop();
    this.playing.clear();
    this.playedUntil = 0;
  }

  private closed(): void {
    if (this.socket) this.end(this.state === 'talking' ? 'over' : 'failed');
  }
}
