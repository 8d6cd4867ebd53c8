export class DeletedDto {
  status: 'success';
  message: string;
}
