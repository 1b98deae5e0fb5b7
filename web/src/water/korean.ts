import type { water as english } from '@/water/english';

export const water: typeof english = {
  title: '수위',
  flooded: '현재 침수된 곳',
  levels: {
    attention: '관심 수위',
    warning: '주의 수위',
    alarm: '경계 수위',
    serious: '심각 수위',
    plan_flood: '계획홍수위 초과',
  },
  usual: '평소 수준',
  notKnown: '지금은 알 수 없음',
  trends: { rising: '상승 중', falling: '하강 중' },
  chance: (percent) => `곧 경계 수위에 이를 가능성 ${percent}%`,
  deep: (metres) => `최대 깊이 ${metres}`,
  unsure: '확인 전',
  place: '침수된 곳',
  show: (name) => `지도에서 ${name} 보기`,
};
