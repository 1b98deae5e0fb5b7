import type { english } from '@/traffic/english';

/** 교통의 낱말. */
export const korean: typeof english = {
  title: '도로 상황',
  show: '교통 상황 보기',
  hide: '교통 상황 숨기기',
  none: '주변에 알려진 돌발 상황이 없습니다.',
  loading: '도로 상황을 불러오는 중…',
  away: (distance) => `${distance} 거리`,
  until: (time) => `${time}쯤까지`,
  all: (n) => `도시 전체 돌발 상황 ${n}건`,
  kinds: {
    accident: '교통사고',
    breakdown: '고장 차량',
    road_works: '도로 공사',
    closure: '도로 통제',
    flood: '도로 침수',
    ice: '결빙·적설',
    debris: '도로 위 장애물',
    event: '행사',
    signals: '신호 고장',
    congestion: '이례적인 정체',
    other: '돌발 상황',
  },
  severities: { 1: '주의하세요', 2: '지체가 예상됩니다', 3: '우회하세요', 4: '통행할 수 없습니다' },
  levels: { free: '원활', slow: '서행', congested: '지체', jammed: '정체' },
  legend: '도로 소통 상태',
};
