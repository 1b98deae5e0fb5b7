/** The city's clock as last told by the server: a replay runs at another time and speed. */

export class CityClock {
  private cityAtMs = 0;
  private ourAtMs = 0;
  private speed = 1;

  constructor(private readonly ours: () => number = Date.now) {}

  set(city: { now: string; speed: number }): void {
    this.cityAtMs = Date.parse(city.now);
    this.ourAtMs = this.ours();
    this.speed = city.speed;
  }

  now(): number {
    const ours = this.ours();
    return this.ourAtMs === 0 ? ours : this.cityAtMs + (ours - this.ourAtMs) * this.speed;
  }
}
