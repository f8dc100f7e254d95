-- AlterTable
ALTER TABLE "Thing1" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing1" ADD CONSTRAINT "Thing1_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
