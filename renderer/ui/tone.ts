/** Two quiet tones, never alone: always with a picture and words. */
const tones = {
  attention: [
    { hertz: 523.25, at: 0, seconds: 0.32 },
    { hertz: 392, at: 0.26, seconds: 0.5 },
  ],
  done: [
    { hertz: 392, at: 0, seconds: 0.25 },
    { hertz: 587.33, at: 0.2, seconds: 0.45 },
  ],
} as const;

const loudness = 0.12;

let context: AudioContext | undefined;

export function playTone(tone: keyof typeof tones): void {
  if (typeof AudioContext === 'undefined') return;
  context ??= new AudioContext();
  const begin = context.currentTime + 0.02;
  for (const { hertz, at, seconds } of tones[tone]) soundNote(context, hertz, begin + at, seconds);
}

/** Swells and fades, so that it calls without startling. */
function soundNote(audio: AudioContext, hertz: number, begin: number, seconds: number): void {
  const note = audio.createOscillator();
  const gain = audio.createGain();
  note.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, begin);
  gain.gain.exponentialRampToValueAtTime(loudness, begin + 0.05);
  gain.gain.exponentialRampToValueAtTime(0.0001, begin + seconds);
  note.connect(gain).connect(audio.destination);
  note.start(begin);
  note.stop(begin + seconds);
}
