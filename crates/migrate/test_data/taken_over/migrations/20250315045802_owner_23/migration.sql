-- AlterTable
ALTER TABLE "Thing3" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing3" ADD CONSTRAINT "Thing3_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
