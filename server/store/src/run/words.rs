//! The few sentences the store itself has to say to people, in both languages.

pub(super) const WORKER_LOST: &str = r#"{"ko":"이 실행을 처리하던 프로세스가 거듭 중단되어 실행을 멈췄습니다. 이미 저장된 결과는 그대로입니다. 기간을 줄여 다시 실행하거나 관리자에게 실행 번호를 알려 주세요.","en":"The process that worked on this run stopped again and again, so the run was given up. Results already saved are not affected. Run it again for a shorter period, or give your administrator the run's number."}"#;

pub(super) const EXPIRED: &str = r#"{"ko":"정해진 시간 안에 차례가 오지 않아 실행하지 않았습니다. 데이터에는 영향이 없습니다. 다시 실행해 주세요.","en":"Its turn did not come in time, so it was not run. No data is affected. Run it again."}"#;
